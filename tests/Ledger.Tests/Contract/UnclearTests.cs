using EmergencyStop.Ids;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Orders;

namespace EmergencyStop.Ledger.Tests.Contract;

/// <summary>Who has orders of which nobody knows what became of them.</summary>
public abstract class UnclearTests(LedgerKind kind) : LedgerTest(kind)
{
    [SkippableTheory]
    [InlineData(OrderState.InFlight, true)]
    [InlineData(OrderState.Unknown, true)]
    [InlineData(OrderState.Open, false)]
    [InlineData(OrderState.Cancelled, false)]
    [InlineData(OrderState.NeverSent, false)]
    public async Task AnOrder_IsUnclear_WhileItIsInFlightOrUnknown(OrderState state, bool isUnclear)
    {
        var ledger = await File.OpenAsync();
        var order = await LedgerFile.AdmitAsync(ledger, File.Order());
        if (state != OrderState.InFlight)
        {
            await File.RecordAsync(ledger, order, state);
        }

        string[] expected = isUnclear ? ["alice"] : [];
        Assert.Equal(expected, await UsersAsync(ledger));
        await using var other = await File.OpenAsync();
        Assert.Equal(expected, await UsersAsync(other));
    }

    [SkippableFact]
    public async Task AnOrderInFlight_ThatTheVenueShows_IsUnclearNoMore_AndNeverAgain()
    {
        var ledger = await File.OpenAsync();
        var order = await LedgerFile.AdmitAsync(ledger, File.Order());
        await File.RecordAsync(ledger, order, OrderState.Unknown);
        await File.RecordAsync(ledger, order, OrderState.Open, venueId: "v");
        Assert.Empty(await UsersAsync(ledger));

        await File.RecordAsync(ledger, order, OrderState.Unknown);
        Assert.Empty(await UsersAsync(ledger));

        var reopened = await LedgerFile.AdmitAsync(ledger, File.Order());
        await File.RecordAsync(ledger, reopened, OrderState.NeverSent);
        await File.RecordAsync(ledger, reopened, OrderState.Open, venueId: "w");
        Assert.Empty(await UsersAsync(ledger));
    }

    [SkippableFact]
    public async Task OnlyOrdersUpToTheNumber_Count()
    {
        var ledger = await File.OpenAsync();
        var first = await LedgerFile.AdmitAsync(ledger, File.Order("bob"));
        await LedgerFile.AdmitAsync(ledger, File.Order("alice"));

        Assert.Equal(["bob"], await UsersAsync(ledger, first.Number));
        Assert.Empty(await UsersAsync(ledger, first.Number - 1));
    }

    [SkippableFact]
    public async Task WhatAnotherProcessWrites_IsFound_AndWhatItClears_IsNot()
    {
        var ledger = await File.OpenAsync();
        await using var other = await File.OpenAsync();
        var mine = await LedgerFile.AdmitAsync(ledger, File.Order("alice"));
        var its = await LedgerFile.AdmitAsync(other, File.Order("bob"));
        Assert.Equal(["alice", "bob"], await UsersAsync(ledger));

        await File.RecordAsync(other, mine, OrderState.Open, venueId: "v");
        Assert.Equal(["bob"], await UsersAsync(ledger));
        await File.RecordAsync(other, its, OrderState.Cancelled);
        Assert.Empty(await UsersAsync(ledger));
    }

    [SkippableFact]
    public async Task Users_ArePaged_EachOnce()
    {
        var ledger = await File.OpenAsync();
        foreach (var i in Enumerable.Range(0, 20))
        {
            var order = await LedgerFile.AdmitAsync(ledger, File.Order($"u{i % 10}"));
            if (i == 5)
            {
                await File.RecordAsync(ledger, order, OrderState.Open, venueId: "v");
            }
        }

        var first = await ledger.UsersWithUnclearOrdersAsync(long.MaxValue, null, 6, None);
        var rest = await ledger.UsersWithUnclearOrdersAsync(long.MaxValue, first[^1], 6, None);

        Assert.Equal(6, first.Length);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"u{i}"), first.Concat(rest).Select(u => u.Value));
    }

    private static async Task<IEnumerable<string>> UsersAsync(StoredLedger ledger, long upTo = long.MaxValue) =>
        (await ledger.UsersWithUnclearOrdersAsync(upTo, null, 100, None)).Select(u => u.Value);
}
