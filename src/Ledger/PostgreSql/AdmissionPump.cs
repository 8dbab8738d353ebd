using System.Diagnostics;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Orders;

namespace EmergencyStop.Ledger.PostgreSql;

/// <summary>Admits: what arrives while a batch commits forms the next one. Each batch is one call that the server commits by itself.</summary>
internal sealed class AdmissionPump(PostgreSqlSite site, AdmissionQueue queue)
{
    private const int MostTries = 3;
    private const int MostWaits = 300;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan IdleTick = TimeSpan.FromMilliseconds(100);
    private readonly Signal _pause = new();
    private readonly KnownPairs _known = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PostgreSqlSession? _session;
    private int _generation = -1;

    /// <summary>Done once the thread has ended and its connection is closed.</summary>
    public Task Ended => _ended.Task;

    public void Start() => new Thread(Work) { IsBackground = true, Name = "ledger admissions" }.Start();

    private void Work()
    {
        var closing = 0L;
        while (true)
        {
            if (queue.IsClosed)
            {
                closing = closing == 0 ? Stopwatch.GetTimestamp() : closing;
                if (queue.IsEmpty || Stopwatch.GetElapsedTime(closing) > site.Options.CloseTimeout)
                {
                    break;
                }
            }

            LetStopsPass();
            var batch = queue.Take(site.Options.LargestBatch);
            if (batch.Count > 0)
            {
                Run(batch);
            }
            else
            {
                queue.Wait(IdleTick);
            }
        }

        _session?.Dispose();
        queue.FailAll(new LedgerUnavailableException("The ledger was closed before this was written."));
        _ended.TrySetResult();
    }

    /// <summary>A stop that was asked for before goes first; one that cannot be engaged does not hold up admissions for long.</summary>
    private void LetStopsPass()
    {
        for (var waits = 0; site.Stopping > 0 && waits < MostWaits && !queue.IsClosed; waits++)
        {
            _pause.Wait(Pause);
        }
    }

    private void Run(List<AskedOrder> batch)
    {
        var orders = batch.ConvertAll(a => a.Order);
        var expected = orders.ConvertAll(o => site.Memory.Expect(Row(o, 0)));
        for (var tries = 1; ; tries++)
        {
            var sent = false;
            try
            {
                var answers = Call(orders, ref sent);
                for (var i = 0; i < batch.Count; i++)
                {
                    Remember(answers[i], orders[i], expected[i]);
                    batch[i].Answer.TrySetResult(answers[i]);
                }

                return;
            }
            catch (Exception trouble)
            {
                if (tries < MostTries && PostgreSqlTrouble.IsOfConcurrency(trouble))
                {
                    continue; // Nothing of it stands: an admission of another connection was in its way.
                }

                Fail(batch, expected, trouble, sent);
                return;
            }
        }
    }

    private void Fail(List<AskedOrder> batch, List<RememberedOrder?> expected, Exception trouble, bool sent)
    {
        var broken = GoBack();
        LedgerMeasures.Failed();
        var why = site.Told(trouble, broken);
        for (var i = 0; i < batch.Count; i++)
        {
            if (!(sent && broken))
            {
                site.Memory.Withdraw(batch[i].Order.Id, expected[i]); // Surely not admitted.
            }

            batch[i].Answer.TrySetException(why);
        }

        if (broken)
        {
            queue.FailAll(why); // Nobody is kept waiting for a ledger that cannot be written.
        }
    }

    private void Remember(AdmitAnswer answer, NewOrder order, RememberedOrder? expected)
    {
        if (answer is AdmitAnswer.Admitted admitted)
        {
            site.Memory.Add(admitted.Order);
        }
        else
        {
            site.Memory.Withdraw(order.Id, expected);
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
}
