using System.Diagnostics;
using EmergencyStop.Events;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Events;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.PostgreSql;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Ledger.Tests.Contract;
using EmergencyStop.Orders;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;
using Npgsql;
using Xunit.Abstractions;

namespace EmergencyStop.Ledger.Tests.PostgreSql;

/// <summary>Two processes on one database, as the silos of a cluster are: what one does, the other goes by.</summary>
public sealed class TogetherTests(ITestOutputHelper output) : PostgreSqlTest
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(1);

    [SkippableFact]
    public async Task WhatOneEngages_TheOtherRefusesAtOnce_AndShowsSoonWithoutBeingAsked()
    {
        var (one, other) = await TwoAsync();
        await LedgerFile.AdmitAsync(one, Words.Order());
        var stop = await Words.EngageAsync(other, "USER:alice");
        var refused = Assert.IsType<AdmitAnswer.GateClosed>(await one.AdmitAsync(Words.Order(), None));
        Assert.Equal(stop.Id, refused.By.Stop);

        var start = Stopwatch.GetTimestamp();
        await Words.EngageAsync(other, "SYSTEM");
        await UntilAsync(() => one.Gate.Held == 2);
        output.WriteLine($"shown after {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0} ms");
    }

    [SkippableFact]
    public async Task WhatOneReleases_TheOtherAdmitsAtOnce()
    {
        var (one, other) = await TwoAsync();
        var stop = await Words.EngageAsync(one, "USER:alice");
        Assert.IsType<AdmitAnswer.GateClosed>(await other.AdmitAsync(Words.Order(), None));
        await Words.FinishAsync(other, stop);
        await LedgerFile.AdmitAsync(one, Words.Order());
        Assert.NotNull((await one.FindStopAsync(stop.Id, None))?.Release);
    }

    [SkippableFact]
    public async Task AStopInOne_UnderTheOthersAdmissions_LetsNoneThroughAfterIt()
    {
        var (one, other) = await TwoAsync();
        var admitted = new List<long>();
        using var ending = new CancellationTokenSource();
        var load = Enumerable.Range(0, 100).Select(async _ =>
        {
            while (!ending.IsCancellationRequested)
            {
                if (await one.AdmitAsync(Words.Order(), None) is AdmitAnswer.Admitted { Order.Number: var number })
                {
                    lock (admitted)
                    {
                        admitted.Add(number);
                    }
                }
            }
        }).ToArray();
        await UntilAsync(() => Volatile.Read(ref admitted).Count > 500);
        var answer = await other.EngageAsync(Words.NewStop(), Words.Request("USER:alice"), None);
        var stop = Assert.IsType<EngageAnswer.Engaged>(answer).Stop;
        Assert.IsType<AdmitAnswer.GateClosed>(await one.AdmitAsync(Words.Order(), None));
        await ending.CancelAsync();
        await Task.WhenAll(load);
        Assert.All(admitted, number => Assert.True(number < stop.Number));
        Assert.Equal(admitted.Count, (await other.ActiveOrdersAsync(UserId.Parse("alice"), None)).Length);
    }

    [SkippableFact]
    public async Task OneKey_UsedAtBothAtOnce_IsOneStop()
    {
        var ledgers = await TwoAsync();
        for (var round = 0; round < 20; round++)
        {
            Words.Time.Advance(TimeSpan.FromMinutes(1));
            var request = Words.Request("USER:alice", key: $"key-{round}", bodyHash: "hash");
            var answers = await Task.WhenAll(
                ledgers.One.EngageAsync(Words.NewStop(), request, None).AsTask(), ledgers.Other.EngageAsync(Words.NewStop(), request, None).AsTask());
            var engaged = Assert.Single(answers.OfType<EngageAnswer.Engaged>());
            Assert.Equal(engaged.Stop.Id, Assert.Single(answers.OfType<EngageAnswer.Repeated>()).Stop.Id);
        }
    }

    [SkippableFact]
    public async Task EvidenceOfOne_IsReadInTheOther()
    {
        var (one, other) = await TwoAsync();
        var order = await LedgerFile.AdmitAsync(one, Words.Order());
        var open = await Words.RecordAsync(other, order, OrderState.Open, venueId: "v1");
        Assert.Equal(open, await one.FindOrderAsync(order.Id, None));
        await Words.RecordAsync(one, open, OrderState.Cancelled);
        Assert.Equal(OrderState.Cancelled, (await other.FindOrderAsync(order.Id, None))?.State);
    }

    /// <summary>What memory is for: stops while the server is down. It must know the orders of others, and not keep those that have ended.</summary>
    [SkippableFact]
    public async Task Memory_TakesInWhatOthersAdmit_AndLetsGoOfWhatHasEndedThere()
    {
        var (one, other) = await TwoAsync();
        var first = await LedgerFile.AdmitAsync(one, Words.Order("alice"));
        var second = await LedgerFile.AdmitAsync(other, Words.Order("bob")); // A higher number, seen here before the other's.
        await UntilAsync(() => other.Recall(first.Id) is not null && one.Recall(second.Id) is not null);
        Assert.Equal(["alice", "bob"], other.RememberedUsers(null).Select(u => u.Value).Order());
        Assert.Equal(first.Number, other.Recall(first.Id)?.Number);
        await Words.RecordAsync(one, first, OrderState.Rejected);
        await UntilAsync(() => other.Recall(first.Id) is null);
    }

    [SkippableFact]
    public async Task Memory_TakesInALowerNumberThatIsCommittedLater()
    {
        var at = await DatabaseAsync();
        var ledger = await OpenAsync(at);
        var late = Words.Order("late");
        var slow = Session(at);
        slow.Execute("BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0");
        AdmitCall.Run(slow, [late], [true]);
        await LedgerFile.AdmitAsync(ledger, Words.Order("bob") with { Terms = Words.Order("bob").Terms with { Strategy = null } });
        await UntilAsync(() => ledger.LastRemembered > 1);
        var page = await ledger.OrderEventsAsync(new(0), None);
        Assert.Equal((0, 0L), (page.Events.Length, page.Through)); // Whoever went on from the later change would miss the earlier one.
        slow.Execute("COMMIT");
        await UntilAsync(() => ledger.Recall(late.Id) is not null);
        Assert.Equal([late.Id.Value], (await ledger.OrderEventsAsync(new(0), None)).Events.Take(1).Select(e => e.Order.Id.Value));
    }

    [SkippableFact]
    public async Task Changes_OfBoth_ReachAFollower_EachOnce_InOrder()
    {
        const int each = 300;
        var (one, other) = await TwoAsync();
        var following = FollowAsync(other, 2 * each);
        await Task.WhenAll(((PostgreSqlLedger[])[one, other]).Select(async ledger =>
        {
            for (var i = 0; i < each; i++)
            {
                await LedgerFile.AdmitAsync(ledger, Words.Order());
            }
        }));
        var told = await following.WaitAsync(Bound);
        Assert.Equal(2 * each, told.Select(e => e.Order.Id).Distinct().Count());
        Assert.Equal(told.Select(e => e.Id).Order(), told.Select(e => e.Id));
    }

    [SkippableFact]
    public async Task News_OfOne_WakeAFollowerInTheOther_WithinAFractionOfASecond()
    {
        var (one, other) = await TwoAsync();
        var (orders, events) = (new List<double>(), new List<double>());
        for (var round = 0; round < 11; round++)
        {
            var after = (await other.OrderEventsAsync(new(0), None)).Last;
            var woken = other.OrderEventsAfterAsync(after, None);
            var start = Stopwatch.GetTimestamp();
            await LedgerFile.AdmitAsync(one, Words.Order());
            await woken.WaitAsync(Bound);
            orders.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            Assert.NotEmpty((await other.OrderEventsAsync(new(after), None)).Events);

            after = (await other.EventsAsync(new(0), None)).Last;
            woken = other.EventsAfterAsync(after, None);
            start = Stopwatch.GetTimestamp();
            await one.AppendEventAsync(new("risk.tested", "r1", Words.Now, EventAudience.Desk, "{}"), None);
            await woken.WaitAsync(Bound);
            events.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            Assert.NotEmpty((await other.EventsAsync(new(after), None)).Events);
        }

        output.WriteLine($"orders {string.Join(", ", orders.Select(t => $"{t:0}"))}; events {string.Join(", ", events.Select(t => $"{t:0}"))} ms");
        Assert.InRange(orders.Order().ElementAt(5), 0, 500);
        Assert.InRange(events.Order().ElementAt(5), 0, 500);
    }

    [SkippableFact]
    public async Task AConsumer_IsDeliveredToByOne_AndGoesToTheOtherWhenItsTimeIsOver()
    {
        var (one, other) = await TwoAsync();
        var until = Words.Now + TimeSpan.FromSeconds(10);
        Assert.NotNull(await one.HoldConsumerAsync("mail", "one", Words.Now, until, None));
        Assert.Null(await other.HoldConsumerAsync("mail", "other", Words.Now, until, None));
        Words.Time.Advance(TimeSpan.FromSeconds(11));
        Assert.NotNull(await other.HoldConsumerAsync("mail", "other", Words.Now, Words.Now + TimeSpan.FromSeconds(10), None));
        Assert.False(await one.AdvanceConsumerAsync(new("mail", "one", 5, []), None));
    }

    /// <summary>SIGKILL while it holds every lock there is: the server drops them with the connection.</summary>
    [SkippableFact]
    public async Task AProcessKilledInTheMiddle_HoldsNobodyUp_AndLeavesNothingHalfDone()
    {
        var at = await DatabaseAsync();
        var ledger = await OpenAsync(at);
        var order = await LedgerFile.AdmitAsync(ledger, Words.Order());
        var killed = new FrozenProcess(at, "BEGIN; SELECT pg_advisory_xact_lock(18771, 2); SELECT pg_advisory_xact_lock(18771, 1); UPDATE orders SET state = 4; SELECT * FROM audit_head FOR UPDATE;");
        await killed.ReachedAsync();
        var recording = Words.RecordAsync(ledger, order, OrderState.Open);
        var engaging = ledger.EngageAsync(Words.NewStop(), Words.Request("USER:alice"), None).AsTask();
        killed.Dispose();
        Assert.IsType<EngageAnswer.Engaged>(await engaging.WaitAsync(Bound));
        Assert.Equal(OrderState.Open, (await recording.WaitAsync(Bound)).State);
        Assert.True((await ledger.VerifyAuditAsync(None)).FirstBroken is null);
    }

    /// <summary>Who held the outbox's row before its last message would keep stops waiting, and could wait for one that waits for it.</summary>
    [SkippableFact]
    public async Task AnEventOfItsOwn_LocksTheOutboxNoSoonerThanItsCommit()
    {
        var at = await DatabaseAsync();
        await OpenAsync(at);
        var (writing, looking) = (Session(at), Session(at));
        var transaction = new PostgreSqlTransaction(writing, new(), new(), new PostgreSqlOrders());
        var ids = new List<long>();
        transaction.Begin(exclusive: false);
        foreach (var type in (string[])["risk.first", "risk.second"])
        {
            transaction.Publish(new LedgerEvent(type, "r1", Words.Now, EventAudience.Desk, "{}"), ids.Add);
            transaction.AppendAudit(new(Words.Now, "service", type, "r1", "{}"));
        }

        Assert.Equal(0, looking.Sql("SELECT event_id FROM audit_head FOR UPDATE NOWAIT").First(static r => r.Long()));
        transaction.Commit();
        Assert.Equal([1L, 2L], ids);
    }

    private static async Task<List<OrderEvent>> FollowAsync(PostgreSqlLedger ledger, int count)
    {
        var (told, after) = (new List<OrderEvent>(), 0L);
        while (told.Count < count)
        {
            await ledger.OrderEventsAfterAsync(after, None);
            var page = await ledger.OrderEventsAsync(new(after), None);
            told.AddRange(page.Events);
            after = page.Through;
        }

        return told;
    }

    private async Task<(PostgreSqlLedger One, PostgreSqlLedger Other)> TwoAsync()
    {
        var at = await DatabaseAsync();
        return (await OpenAsync(at), await OpenAsync(at));
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var bound = new CancellationTokenSource(Bound);
        while (!isSo())
        {
            await Task.Delay(5, bound.Token);
        }
    }
}
