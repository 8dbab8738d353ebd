using System.Diagnostics;
using EmergencyStop.Ledger.Rows;

namespace EmergencyStop.Ledger.PostgreSql;

/// <summary>Frees the gate for a stop that has waited too long: whoever stands in its way, and does not move, loses its connection.</summary>
/// <remarks>On a thread and a connection of its own, both there before they are needed.</remarks>
internal sealed class GateRemedy(PostgreSqlSite site)
{
    /// <summary>Longest wait of a stop before the remedy: what is left of 300 ms is for the server, which must end the other connection and then engage.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(150);

    /// <summary>How long a process must have stood still in its transaction.</summary>
    private static readonly TimeSpan Stuck = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);
    private readonly Signal _wake = new();
    private readonly Dictionary<int, long> _waiting = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PostgreSqlSession? _session;
    private bool _closed;

    public Task Ended => _ended.Task;

    public void Start() => new Thread(Work) { IsBackground = true, Name = "ledger gate remedy" }.Start();

    /// <summary>A connection begins to wait for the gate.</summary>
    public void Enter(int processId)
    {
        lock (_waiting)
        {
            _waiting[processId] = Stopwatch.GetTimestamp();
        }

        _wake.Set();
    }

    /// <summary>It has what it waited for.</summary>
    public void Leave(int processId)
    {
        lock (_waiting)
        {
            _waiting.Remove(processId);
        }
    }

    public void Close()
    {
        Volatile.Write(ref _closed, true);
        _wake.Set();
    }

    private void Work()
    {
        while (!Volatile.Read(ref _closed))
        {
            var (next, late) = Look();
            foreach (var processId in late)
            {
                Free(processId);
            }

            _wake.Wait(next);
            KeepConnected();
        }

        _session?.Dispose();
        _ended.TrySetResult();
    }

    /// <summary>Who has waited too long, and when to look again: not before somebody may have.</summary>
    private (TimeSpan Next, List<int> Late) Look()
    {
        lock (_waiting)
        {
            var (next, late) = (Rest, new List<int>());
            foreach (var (processId, since) in _waiting)
            {
                var left = Longest - Stopwatch.GetElapsedTime(since);
                if (left <= TimeSpan.Zero)
                {
                    late.Add(processId);
                }

                next = left <= Tick ? Tick : left < next ? left : next;
            }

            return (next, late);
        }
    }

    private void Free(int processId)
    {
        try
        {
            _session?.Sql("SELECT ledger_free(?::int, ? * interval '1 ms')").Bind(processId).Bind((long)Stuck.TotalMilliseconds).First(static r => r.Int());
        }
        catch (Exception e) when (PostgreSqlTrouble.Is(e))
        {
            Drop();
        }
    }

    private void KeepConnected()
    {
        try
        {
            _session = _session is { IsOpen: true } ? _session : site.Connections.Open(ConnectionUse.Write);
        }
        catch (Exception e) when (PostgreSqlTrouble.Is(e))
        {
            Drop();
        }
    }

    private void Drop()
    {
        _session?.Dispose();
        _session = null;
    }
}
