using System.Collections.Immutable;
using System.Globalization;
using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Sqlite;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Orders;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;

namespace EmergencyStop.Soak.Ledger;

/// <summary>The process that is killed: orders, stops and releases on one ledger as fast as it takes them, each answer printed once it is given.</summary>
internal sealed class LedgerWorker(SqliteLedger ledger, int seed, int round)
{
    private const int Traders = 6;
    private const int Officers = 2;
    private static readonly Caller Officer = new("soak", "soak", Role.RiskOfficer, null);
    private static readonly string[] Targets =
        ["USER:u0", "USER:u1", "STRATEGY:u2-s", "SYMBOL:AAPL", "USER:u3/SYMBOL:MSFT", "SYSTEM"];

    /// <summary>Goes on until the process is killed.</summary>
    public static async Task<int> RunAsync(string path, int seed, int round)
    {
        await using var ledger = await SqliteLedger.OpenAsync(new() { Path = path }, TimeProvider.System);
        Console.WriteLine("ready");
        var worker = new LedgerWorker(ledger, seed, round);
        await Task.WhenAll(
        [
            worker.TakeUpAsync(),
            worker.RepeatAsync(),
            .. Enumerable.Range(0, Traders).Select(worker.TradeAsync),
            .. Enumerable.Range(0, Officers).Select(worker.OverseeAsync),
        ]);
        return 0;
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static void Tell(string what, string id, long number, string more) => Console.WriteLine(new LedgerAnswer(what, id, number, more));

    private async Task TradeAsync(int trader)
    {
        await Task.Yield();
        var random = new Random(HashCode.Combine(seed, round, trader));
        var user = UserId.Parse($"u{trader}");
        for (var i = 0; ; i++)
        {
            var symbol = Symbol.Parse(random.Next(2) == 0 ? "AAPL" : "MSFT");
            var terms = new OrderTerms(user, StrategyId.Parse($"{user}-s"), symbol, OrderSide.Buy, 1, OrderType.Limit, 50);
            var id = OrderId.Parse($"o-{round}-{trader}-{i}");
            switch (await ledger.AdmitAsync(new(id, terms, AccountId.Parse(user.Value), Now), CancellationToken.None))
            {
                case AdmitAnswer.Admitted { Order: var order }:
                    Tell(LedgerAnswer.Admitted, id.Value, order.Number, string.Empty);
                    await LiveAsync(random, id);
                    break;
                case AdmitAnswer.GateClosed { By: var latch }:
                    Tell(LedgerAnswer.Refused, id.Value, 0, latch.Stop.Value);
                    await Task.Delay(1);
                    break;
            }
        }
    }

    private async Task LiveAsync(Random random, OrderId id)
    {
        await RecordAsync(id, OrderState.Open);
        if (random.Next(3) > 0)
        {
            await RecordAsync(id, random.Next(2) == 0 ? OrderState.Filled : OrderState.Cancelled);
        }
    }

    private async Task RecordAsync(OrderId id, OrderState state)
    {
        var filled = state == OrderState.Filled ? 1 : 0;
        var rows = await ledger.RecordAsync([new(id, state, Now, filled, filled > 0 ? 50 : null)], CancellationToken.None);
        Tell(LedgerAnswer.Evidence, id.Value, 0, rows[0].State.ToString());
    }

    private async Task OverseeAsync(int officer)
    {
        await Task.Yield();
        var random = new Random(HashCode.Combine(seed, round, -1 - officer));
        for (var i = 0; ; i++)
        {
            await Task.Delay(random.Next(40));
            var target = StopTarget.Parse(Targets[random.Next(Targets.Length)]);
            var stop = await EngageAsync(target, KeyOf(round, officer, i));
            await Task.Delay(random.Next(20));
            await WorkOffAsync(stop);
        }
    }

    /// <summary>What the process before has left standing is finished and released.</summary>
    private async Task TakeUpAsync()
    {
        await Task.Yield();
        foreach (var latch in ledger.Gate.Latches.ToArray())
        {
            if (await ledger.FindStopAsync(latch.Stop, CancellationToken.None) is { } stop)
            {
                await WorkOffAsync(stop);
            }
        }
    }

    /// <summary>Asks again under the keys of the process before: law 6 across a crash.</summary>
    private async Task RepeatAsync()
    {
        await Task.Yield();
        for (var officer = 0; officer < Officers && round > 0; officer++)
        {
            await WorkOffAsync(await EngageAsync(StopTarget.Parse("USER:u0"), KeyOf(round - 1, officer, 0)));
        }
    }

    private async Task<Stop> EngageAsync(StopTarget target, string key)
    {
        var request = new EmergencyStopRequest(
            target, new(), EmergencyStopReason.UserInitiated, "soak", Officer, Now, key, "the same");
        var id = StopId.Parse($"s-{key}-{Environment.ProcessId}");
        var stop = await ledger.EngageAsync(id, request, CancellationToken.None) switch
        {
            EngageAnswer.Engaged engaged => engaged.Stop,
            EngageAnswer.Repeated repeated => repeated.Stop,
            var other => throw new InvalidOperationException($"{key}: {other}"),
        };
        Tell(LedgerAnswer.Engaged, stop.Id.Value, stop.Number, key);
        return stop;
    }

    private async Task WorkOffAsync(Stop stop)
    {
        for (var sweep = 1; ; sweep++)
        {
            var owed = await ledger.OwedAsync(stop, includeProtective: false, null, CancellationToken.None);
            var now = Now;
            await ledger.RecordSweepAsync(
                stop.Id,
                [.. owed.Select(o => new OrderEvidence(o.Id, OrderState.Cancelled, now))],
                [.. owed.Select(o => new ItemOutcome(ObligationKind.Order, o.Id.Value, OutcomeKind.Cancelled, now, TimeSpan.Zero, Attempts: sweep))],
                CancellationToken.None);
            var after = await ledger.ProgressAsync(stop.Id, StopState.Completed, new(), [], now, CancellationToken.None);
            Tell(LedgerAnswer.Progressed, stop.Id.Value, 0, after.State.ToString());
            if (after.State == StopState.Completed)
            {
                break;
            }
        }

        var released = await ledger.ReleaseAsync(new ReleaseRequest(stop.Id, Officer, "soak", false, Now), CancellationToken.None);
        if (released is ReleaseAnswer.Released { Stop: { Release: { } release } })
        {
            Tell(LedgerAnswer.Released, stop.Id.Value, release.Number, string.Empty);
        }
    }

    private string KeyOf(int ofRound, int officer, int i) => string.Create(CultureInfo.InvariantCulture, $"{seed}-{ofRound}-{officer}-{i}");
}
