using System.Collections.Concurrent;
using System.Diagnostics;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Orders;

namespace EmergencyStop.Ledger.PostgreSql;

/// <summary>Admits: what arrives while a batch commits forms the next one. Each batch is one call that the server commits by itself.</summary>
internal sealed class AdmissionPump(PostgreSqlSite site)
{
    private const int MostTries = 3;
    private const int MostWaits = 300;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan IdleTick = TimeSpan.FromMilliseconds(100);
    private readonly ConcurrentQueue<Asked> _waiting = new();
    private readonly Signal _wake = new();
    private readonly Signal _pause = new();
    private readonly KnownPairs _known = new();
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Asked? _left;
    private PostgreSqlSession? _session;
    private int _generation = -1;
    private int _count;
    private bool _closed;

    /// <summary>Done once the thread has ended and its connection is closed.</summary>
    public Task Ended => _ended.Task;

    public void Start() => new Thread(Work) { IsBackground = true, Name = "ledger admissions" }.Start();

    public Task<AdmitAnswer> Add(NewOrder order)
    {
        if (Volatile.Read(ref _closed))
        {
            throw new LedgerUnavailableException("The ledger is closed.");
        }

        if (Interlocked.Increment(ref _count) > site.Options.QueueLimit)
        {
            Interlocked.Decrement(ref _count);
            throw new LedgerUnavailableException("The ledger's queue is full: more work comes in than its server can take.");
        }

        var asked = new Asked(order);
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
        var closing = 0L;
        while (true)
        {
            if (Volatile.Read(ref _closed))
            {
                closing = closing == 0 ? Stopwatch.GetTimestamp() : closing;
                if ((_waiting.IsEmpty && _left is null) || Stopwatch.GetElapsedTime(closing) > site.Options.CloseTimeout)
                {
                    break;
                }
            }

            LetStopsPass();
            var batch = Take();
            if (batch.Count > 0)
            {
                Run(batch);
            }
            else
            {
                _wake.Wait(IdleTick);
            }
        }

        _session?.Dispose();
        FailAll(new LedgerUnavailableException("The ledger was closed before this was written."));
        _ended.TrySetResult();
    }

    /// <summary>A stop that was asked for before goes first; one that cannot be engaged does not hold up admissions for long.</summary>
    private void LetStopsPass()
    {
        for (var waits = 0; site.Stopping > 0 && waits < MostWaits && !Volatile.Read(ref _closed); waits++)
        {
            _pause.Wait(Pause);
        }
    }

    /// <summary>The next orders that may go together: none twice, and alone what has a rule of its own.</summary>
    private List<Asked> Take()
    {
        var batch = new List<Asked>();
        _names.Clear();
        while (batch.Count < site.Options.LargestBatch && (Interlocked.Exchange(ref _left, null) ?? Next()) is { } asked)
        {
            var isAlone = asked.Order.PastGate is not null || asked.Order.Replaces is not null;
            if ((isAlone && batch.Count > 0) || !AreNew(asked.Order))
            {
                _left = asked;
                break;
            }

            batch.Add(asked);
            if (isAlone)
            {
                break;
            }
        }

        return batch;
    }

    private Asked? Next()
    {
        if (!_waiting.TryDequeue(out var asked))
        {
            return null;
        }

        Interlocked.Decrement(ref _count);
        return asked;
    }

    private bool AreNew(NewOrder order) =>
        _names.Add(order.Id.Value)
        && (order.Terms.ClientOrderId is not { } client || _names.Add($"{order.Terms.User.Value}/{client.Value}"));

    private void Run(List<Asked> batch, int tries = 1)
    {
        var orders = batch.ConvertAll(a => a.Order);
        var expected = orders.ConvertAll(o => site.Memory.Expect(Row(o, 0)));
        var sent = false;
        List<AdmitAnswer> answers;
        try
        {
            answers = Call(orders, ref sent);
        }
        catch (Exception trouble) when (PostgreSqlTrouble.IsOfConcurrency(trouble) && tries < MostTries)
        {
            Run(batch, tries + 1); // Nothing of it stands: an admission of another process was in its way.
            return;
        }
        catch (Exception trouble)
        {
            var broken = GoBack();
            LedgerMeasures.Failed();
            var why = site.Told(trouble, broken);
            for (var i = 0; i < batch.Count; i++)
            {
                if (expected[i] && !(sent && broken))
                {
                    site.Memory.Remove(orders[i].Id); // Surely not admitted.
                }

                batch[i].Answer.TrySetException(why);
            }

            if (broken)
            {
                FailAll(why); // Nobody is kept waiting for a ledger that cannot be written.
            }

            return;
        }

        for (var i = 0; i < batch.Count; i++)
        {
            Remember(answers[i], orders[i], expected[i]);
            batch[i].Answer.TrySetResult(answers[i]);
        }
    }

    private void Remember(AdmitAnswer answer, NewOrder order, bool expected)
    {
        if (answer is AdmitAnswer.Admitted admitted)
        {
            site.Memory.Add(admitted.Order);
        }
        else if (expected)
        {
            site.Memory.Remove(order.Id);
        }
    }

    private List<AdmitAnswer> Call(List<NewOrder> orders, ref bool sent)
    {
        if (!site.MayAdmit)
        {
            throw new LedgerUnavailableException($"This service does not hold the ledger {site.Name} alone: it admits nothing until it does.");
        }

        if (_generation != site.Generation)
        {
            _session?.Dispose();
            (_session, _generation) = (null, site.Generation);
            _known.Clear();
        }

        _session ??= site.OpenGuarded(ConnectionUse.Admit);
        var fresh = orders.ConvertAll(o => o.Terms.Strategy is { } strategy && !_known.Contains(strategy, o.Terms.User));
        var start = LedgerMeasures.Start();
        sent = true;
        var rows = AdmitCall.Run(_session, orders, fresh);
        LedgerMeasures.Committed(orders.Count, start);
        site.LastCommit = Stopwatch.GetTimestamp();
        var number = rows.Max(r => r.Outcome == AdmitCall.Admitted ? r.Number ?? 0 : 0);
        if (!site.Gate.Advance(rows[0].Version, number))
        {
            site.Gate.Read(_session);
        }

        site.Memory.Pass(number);
        if (number > 0)
        {
            site.Changed.Set();
        }

        var answers = new List<AdmitAnswer>(orders.Count);
        for (var i = 0; i < orders.Count; i++)
        {
            answers.Add(AnswerTo(_session, orders[i], rows[i]));
            if (fresh[i] && rows[i].Outcome is AdmitCall.Admitted)
            {
                _known.Add(orders[i].Terms.Strategy!.Value, orders[i].Terms.User); // It is fresh, so it has one.
            }
        }

        return answers;
    }

    private AdmitAnswer AnswerTo(PostgreSqlSession session, NewOrder order, AdmitRow row) => row.Outcome switch
    {
        AdmitCall.Admitted => new AdmitAnswer.Admitted(Row(order, row.Number ?? 0)),
        AdmitCall.Standing => new AdmitAnswer.Duplicate(
            OrderRows.FindSame(session, order) ?? throw new InvalidOperationException($"Order {order.Id} was not inserted, and no row stands in its way.")),
        AdmitCall.Latched => new AdmitAnswer.GateClosed(AdmitCall.LatchOf(session, site.Gate.View, row)),
        AdmitCall.Paused => new AdmitAnswer.StrategyPaused(AdmitCall.PauseOf(order, row)),
        AdmitCall.NotHeld => new AdmitAnswer.NotHeld(order.PastGate!.Stop), // Only such an order is answered so.
        var why => ReplaceRows.Refusal((ReplaceRefusal)why, row.Number is { } number ? OrderRows.OfNumber(session, number) : null, row.Ref),
    };

    private static Order Row(NewOrder order, long number)
    {
        var at = Values.Stored(order.At);
        var row = new Order(order.Id, order.Terms, order.Account, number, OrderState.InFlight, at, at, Replaces: order.Replaces);
        return order.PastGate is { } named ? row with { Origin = OrderOrigin.PastGate, Stop = named.Stop } : row;
    }

    private bool GoBack()
    {
        if (_session is { IsOpen: true })
        {
            return false; // The server has undone the statement itself.
        }

        _session?.Dispose();
        _session = null;
        return true;
    }

    private void FailAll(Exception why)
    {
        while ((Interlocked.Exchange(ref _left, null) ?? Next()) is { } asked)
        {
            asked.Answer.TrySetException(why);
        }
    }

    private sealed class Asked(NewOrder order)
    {
        public NewOrder Order => order;

        public TaskCompletionSource<AdmitAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
