using System.Diagnostics;
using EmergencyStop.Ledger.Rows;

namespace EmergencyStop.Ledger.PostgreSql;

/// <summary>One thread that writes by the rules: a batch of jobs in one transaction, or one by one where they may change the gate.</summary>
internal sealed class PostgreSqlWriter(PostgreSqlSite site, LedgerQueue queue, bool exclusive)
{
    private const int MostTries = 3;
    private const int MostTogether = 64;
    private static readonly TimeSpan IdleTick = TimeSpan.FromMilliseconds(100);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<LedgerJob> _batch = [];
    private readonly List<LedgerJob> _unfinished = [];
    private PostgreSqlSession? _session;
    private int _generation = -1;
    private long _start;

    /// <summary>Done once the thread has ended and its connection is closed.</summary>
    public Task Ended => _ended.Task;

    public void Start() => new Thread(Work) { IsBackground = true, Name = exclusive ? "ledger gate writer" : "ledger writer" }.Start();

    private void Work()
    {
        var closing = 0L;
        while (true)
        {
            if (queue.IsClosed)
            {
                closing = closing == 0 ? Stopwatch.GetTimestamp() : closing;
                if (Stopwatch.GetElapsedTime(closing) > site.Options.CloseTimeout || !(queue.HasWork || queue.HasLazy))
                {
                    break;
                }
            }
            else if (!queue.HasWork && !queue.HasLazy)
            {
                queue.Wait(IdleTick);
            }

            Take();
            if (_batch.Count > 0)
            {
                Run([.. _batch]);
            }
        }

        _session?.Dispose();
        queue.End();
        _ended.TrySetResult();
    }

    private void Take()
    {
        _batch.Clear();
        var most = exclusive ? 1 : MostTogether;
        while (_batch.Count < most && (queue.TakeUrgent(out var job) || queue.TakeNormal(out job) || queue.TakeLazy(out job)))
        {
            _batch.Add(job);
        }
    }

    private void Run(LedgerJob[] jobs)
    {
        for (var tries = 1; ; tries++)
        {
            var sent = false;
            try
            {
                Commit(jobs, ref sent);
                return;
            }
            catch (Exception trouble)
            {
                var broken = GoBack();
                if (tries < MostTries && MayTryAgain(trouble, broken && !sent, tries))
                {
                    continue;
                }

                Fail(jobs, trouble, broken);
                return;
            }
        }
    }

    /// <summary>Nothing of it stands, and what was in the way is gone: another transaction, the server's restart, or its patience with a process that stood still.</summary>
    private static bool MayTryAgain(Exception trouble, bool lostBefore, int tries) =>
        PostgreSqlTrouble.IsOfConcurrency(trouble)
        || (lostBefore && (PostgreSqlTrouble.IsOfEnding(trouble) || (tries == 1 && PostgreSqlTrouble.Is(trouble))));

    /// <summary>One bad job does not spoil the others of its batch.</summary>
    private void Fail(LedgerJob[] jobs, Exception trouble, bool broken)
    {
        if (jobs.Length > 1 && !broken)
        {
            foreach (var job in jobs)
            {
                Run([job]);
            }

            return;
        }

        LedgerMeasures.Failed();
        var why = site.Told(trouble, broken);
        foreach (var job in jobs)
        {
            job.Fail(why);
        }

        if (broken)
        {
            queue.FailAll(why); // Nobody is kept waiting for a ledger that cannot be written.
        }
    }

    private void Commit(LedgerJob[] jobs, ref bool sent)
    {
        if (_generation != site.Generation)
        {
            _session?.Dispose();
            (_session, _generation) = (null, site.Generation);
        }

        _session ??= site.OpenGuarded(ConnectionUse.Write);
        var transaction = new PostgreSqlTransaction(_session, site.Gate, site.Memory, site.Active);
        var slice = new Slice(() => Stopwatch.GetElapsedTime(_start) > site.Options.BatchBudget);
        _unfinished.Clear();
        transaction.Begin(exclusive, jobs);
        _start = Stopwatch.GetTimestamp();
        foreach (var job in jobs)
        {
            if (!job.Run(transaction, slice))
            {
                _unfinished.Add(job);
            }
        }

        var committing = LedgerMeasures.Start();
        sent = true;
        transaction.Commit();
        LedgerMeasures.Committed(jobs.Length, committing);
        site.LastCommit = Stopwatch.GetTimestamp();
        if (transaction.HasNews)
        {
            site.Changed.Set();
        }

        foreach (var job in jobs)
        {
            job.Succeed();
        }

        _unfinished.ForEach(queue.AddAgain);
    }

    /// <returns>Whether the connection is lost.</returns>
    private bool GoBack()
    {
        if (_session is { IsOpen: true } session)
        {
            session.GoBack();
        }

        if (_session is { IsOpen: true })
        {
            return false;
        }

        _session?.Dispose();
        _session = null;
        return true;
    }
}
