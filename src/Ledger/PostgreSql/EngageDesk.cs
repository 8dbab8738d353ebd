using System.Collections.Concurrent;
using System.Diagnostics;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Gate;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Stopping;
using Npgsql;

namespace EmergencyStop.Ledger.PostgreSql;

/// <summary>Engages: all stops that wait go together in one message, which the server commits by itself.</summary>
internal sealed class EngageDesk(PostgreSqlSite site, GateRemedy remedy, LedgerQueue lazy)
{
    private const int MostTogether = 64;
    private const int MostWaiting = 100_000;
    private static readonly TimeSpan IdleTick = TimeSpan.FromMilliseconds(100);
    private readonly ConcurrentQueue<Asked> _waiting = new();
    private readonly Signal _wake = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PostgreSqlSession? _session;
    private int _generation = -1;
    private bool _closed;

    /// <summary>Done once the thread has ended and its connection is closed.</summary>
    public Task Ended => _ended.Task;

    public void Start() => new Thread(Work) { IsBackground = true, Name = "ledger engages", Priority = ThreadPriority.AboveNormal }.Start();

    public Task<EngageAnswer> Add(StopId id, EmergencyStopRequest request, Replay? replay)
    {
        if (Volatile.Read(ref _closed) || _waiting.Count >= MostWaiting)
        {
            throw new LedgerUnavailableException(Volatile.Read(ref _closed) ? "The ledger is closed." : "Too many stops wait for the ledger.");
        }

        var asked = new Asked(id, EngageWords.Normal(request), replay);
        site.CountStopping(1);
        _ = asked.Answer.Task.ContinueWith(_ => site.CountStopping(-1), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _waiting.Enqueue(asked);
        _wake.Set();
        return asked.Answer.Task;
    }

    public void Close()
    {
        Volatile.Write(ref _closed, true);
        _wake.Set();
    }

    private void Work()
    {
        while (!(Volatile.Read(ref _closed) && _waiting.IsEmpty))
        {
            var batch = new List<Asked>();
            while (batch.Count < MostTogether && _waiting.TryDequeue(out var asked))
            {
                batch.Add(asked);
            }

            if (batch.Count > 0)
            {
                Run(batch);
            }
            else
            {
                KeepReady();
                _wake.Wait(IdleTick);
            }
        }

        _session?.Dispose();
        _ended.TrySetResult();
    }

    /// <summary>Connects while nobody waits, where the server is known to be there: a stop finds the connection open.</summary>
    private void KeepReady()
    {
        if (site.Gate.View.Number < 0 || (_session is { IsOpen: true } && _generation == site.Generation))
        {
            return;
        }

        try
        {
            Connect();
        }
        catch (Exception trouble) when (PostgreSqlTrouble.Is(trouble) || trouble is LedgerUnavailableException)
        {
            Drop(true); // Whoever asks hears of it.
        }
    }

    private PostgreSqlSession Connect()
    {
        if (_generation != site.Generation)
        {
            Drop(true);
            _generation = site.Generation;
        }

        return _session ??= site.OpenGuarded(ConnectionUse.Admit);
    }

    private void Run(List<Asked> batch, bool isAgain = false)
    {
        var used = _session is { IsOpen: true } && _generation == site.Generation;
        try
        {
            Engage(batch, isAgain);
        }
        catch (Exception trouble)
        {
            var broken = _session is not { IsOpen: true };
            Drop(broken);
            if (broken && used && !isAgain && PostgreSqlTrouble.Is(trouble))
            {
                Run(batch, isAgain: true); // The server was restarted since. A stop's id makes it one stop, however often it is asked for.
            }
            else if (batch.Count > 1 && !broken)
            {
                batch.ForEach(a => Run([a], isAgain)); // One bad request does not spoil the others.
            }
            else
            {
                LedgerMeasures.Failed();
                var why = site.Told(trouble, broken);
                batch.ForEach(a => a.Answer.TrySetException(why));
            }
        }
    }

    private void Engage(List<Asked> batch, bool isAgain)
    {
        var session = Connect();
        var now = site.Time.GetUtcNow();
        var start = LedgerMeasures.Start();
        var rows = new List<(int Outcome, long Number, long Version)>(batch.Count);
        var process = session.ProcessId;
        remedy.Enter(process);
        try
        {
            using var reader = session.Together(batch.Select(a => EngageCall.Of(a.Id, a.Request, now, a.Replay)));
            do
            {
                while (reader.Read())
                {
                    rows.Add((reader.GetInt16(0), reader.GetInt64(1), reader.GetInt64(2)));
                }
            }
            while (reader.NextResult());
        }
        finally
        {
            remedy.Leave(process);
        }

        LedgerMeasures.Committed(batch.Count, start);
        site.LastCommit = Stopwatch.GetTimestamp();
        site.Changed.Set();
        var answers = new List<EngageAnswer>(batch.Count);
        for (var i = 0; i < batch.Count; i++)
        {
            answers.Add(Answer(session, batch[i], rows[i], now, isAgain));
        }

        for (var i = 0; i < batch.Count; i++)
        {
            batch[i].Answer.TrySetResult(Timed(batch[i], answers[i]));
        }
    }

    private EngageAnswer Answer(PostgreSqlSession session, Asked asked, (int Outcome, long Number, long Version) row, DateTimeOffset now, bool isAgain)
    {
        if (row.Outcome is 1 or 2)
        {
            See(session, row.Version, row.Number, null);
            var standing = StopRows.OfNumber(session, row.Number)
                ?? throw new InvalidOperationException($"Stop number {row.Number} stands, and there is no such stop.");
            return row.Outcome == 2 ? new EngageAnswer.KeyReused(standing)
                : isAgain && standing.Id == asked.Id ? new EngageAnswer.Engaged(standing)
                : new EngageAnswer.Repeated(standing);
        }

        var request = row.Outcome == 3 ? asked.Request with { IdempotencyKey = null, BodyHash = null } : asked.Request;
        var stored = Values.Stored(now);
        var stop = EngageWords.Stop(asked.Id, row.Number, request, new(GateClosed: EngageWords.Since(request, now)), stored);
        See(session, row.Version, row.Number, stop.HoldsLatch ? EngageWords.Latch(stop, stored) : null);
        return new EngageAnswer.Engaged(stop);
    }

    /// <summary>Shows the gate with the new latch; it is read where somebody else has changed it since.</summary>
    private void See(PostgreSqlSession session, long version, long number, Latch? latch)
    {
        site.Memory.Pass(latch is null ? 0 : number);
        if (latch is not null && site.Gate.Of(version - 1) is { } before)
        {
            site.Gate.Show(version, before.With(latch).AsOf(Math.Max(before.Number, number)));
        }
        else if (!site.Gate.Advance(version, number))
        {
            site.Gate.Read(session);
        }
    }

    /// <summary>The gate is closed now: this is when its clock stops. The row holds an estimate until the writer corrects it.</summary>
    private EngageAnswer Timed(Asked asked, EngageAnswer answer)
    {
        if (answer is not EngageAnswer.Engaged { Stop: var stop })
        {
            return answer;
        }

        var closed = EngageWords.Since(asked.Request, site.Time.GetUtcNow());
        if (closed != stop.Clocks.GateClosed)
        {
            lazy.AddLazy(new WholeJob<bool>(transaction =>
            {
                StopRows.SetGateClosed(transaction.Session, stop.Number, closed);
                return true;
            }));
        }

        return new EngageAnswer.Engaged(stop with { Clocks = stop.Clocks with { GateClosed = closed } });
    }

    private void Drop(bool broken)
    {
        if (broken)
        {
            _session?.Dispose();
            _session = null;
        }
    }

    private sealed class Asked(StopId id, EmergencyStopRequest request, Replay? replay)
    {
        public StopId Id => id;

        public EmergencyStopRequest Request => request;

        public Replay? Replay => replay;

        public TaskCompletionSource<EngageAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
