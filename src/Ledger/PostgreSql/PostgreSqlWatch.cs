using EmergencyStop.Ledger.Rows;

namespace EmergencyStop.Ledger.PostgreSql;

/// <summary>Looks at the server ten times a second: whether it is there, what others have changed, how far changes of orders can be read.</summary>
internal sealed class PostgreSqlWatch(PostgreSqlSite site)
{
    /// <summary>Longest time that another process's latch goes unseen, and that a loss of the server goes unnoticed.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    /// <summary>While changes are committed whose turn has not come.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(5);

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PostgreSqlSession? _session;
    private long _lastEvent;
    private bool _closed;

    /// <summary>Done once the thread has ended and its connection is closed.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Goes on from the connection that has opened the ledger, which may hold the lock of those who are alone.</summary>
    public void Start(PostgreSqlSession session)
    {
        _session = session;
        new Thread(Work) { IsBackground = true, Name = "ledger watch" }.Start();
    }

    public void Close()
    {
        Volatile.Write(ref _closed, true);
        site.Changed.Set();
    }

    private void Work()
    {
        while (!Volatile.Read(ref _closed))
        {
            var isBehind = false;
            try
            {
                isBehind = Look();
            }
            catch (Exception trouble) when (PostgreSqlTrouble.Is(trouble) || trouble is LedgerUnavailableException)
            {
                Lose();
            }

            site.Changed.Wait(isBehind ? Soon : Tick);
        }

        _session?.Dispose();
        _ended.TrySetResult();
    }

    /// <returns>Whether changes are committed that cannot be read in order yet, or were not all taken in.</returns>
    private bool Look()
    {
        _session ??= Reconnect();
        var state = GateRows.Read(_session);
        if (!site.Gate.Advance(state.Version, state.Number))
        {
            site.Gate.Read(_session);
        }

        site.Memory.Pass(state.Number);
        Ring(_session);
        var isBehind = site.Events.Look(_session) > site.Events.Safe;
        return (!site.Alone && site.Others.Follow(_session)) || isBehind;
    }

    /// <summary>Ids of the outbox are drawn in the order of commits: what can be read is complete.</summary>
    private void Ring(PostgreSqlSession session)
    {
        var last = session.Sql("SELECT event_id FROM audit_head").First(static r => r.Long());
        if (last != _lastEvent)
        {
            _lastEvent = last;
            site.Outbox.Ring(last);
        }
    }

    private PostgreSqlSession Reconnect()
    {
        var session = site.OpenGuarded(ConnectionUse.Write);
        try
        {
            if (site.Alone)
            {
                site.SetAlone(AloneLock.TryTake(session));
            }

            site.Load(session); // Memory holds what may have been admitted while its answer was lost.
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private void Lose()
    {
        if (_session is not null)
        {
            site.Lost();
            site.Gate.Forget();
            site.SetAlone(false);
        }

        _session?.Dispose();
        _session = null;
    }
}
