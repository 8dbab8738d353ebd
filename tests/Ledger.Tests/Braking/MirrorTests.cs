using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Ledger.Sqlite;
using EmergencyStop.Ledger.Tests.Contract;
using EmergencyStop.Ledger.Tests.Sqlite;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Tests.Braking;

/// <summary>The mirror knows what a stop needs, is read anew only when that has changed, and what memory knows survives a ledger that breaks.</summary>
public sealed class MirrorTests : LedgerTest
{
    private string MirrorFile => File.Path + ".mirror";

    [Fact]
    public async Task Reading_HoldsKeysOwnersAndUsers_AndIsNullUntilTheyChange()
    {
        var ledger = await File.OpenAsync();
        var empty = await ledger.MirrorAsync(null, None);
        Assert.NotNull(empty);
        Assert.Null(await ledger.MirrorAsync(empty.Mark, None));

        await ledger.AddKeyAsync(new("k", "n", Role.Trader, UserId.Parse("alice"), File.Now, null), "hash", None);
        await LedgerFile.AdmitAsync(ledger, File.Order("bob", "s1"));
        var filled = await ledger.MirrorAsync(empty.Mark, None);
        Assert.Equal(new MirroredKey("hash", new("k", "n", Role.Trader, UserId.Parse("alice")), false), Assert.Single(filled!.Contents.Keys));
        Assert.Equal(new MirroredOwner(StrategyId.Parse("s1"), UserId.Parse("bob")), Assert.Single(filled.Contents.Owners));
        Assert.Equal(["alice", "bob"], filled.Contents.Users.Select(u => u.User.Value));

        await LedgerFile.AdmitAsync(ledger, File.Order("bob", "s1"));
        await File.EngageAsync(ledger, "SYSTEM");
        Assert.Null(await ledger.MirrorAsync(filled.Mark, None));
    }

    [Theory]
    [InlineData("revoked key")]
    [InlineData("new owner")]
    [InlineData("another user of a known strategy")]
    public async Task Reading_SeesEveryKindOfChange(string what)
    {
        var ledger = await File.OpenAsync();
        await ledger.AddKeyAsync(new("k", "n", Role.Admin, null, File.Now, null), "hash", None);
        await LedgerFile.AdmitAsync(ledger, File.Order("bob", "s1"));
        var before = await ledger.MirrorAsync(null, None);
        switch (what)
        {
            case "revoked key":
                await ledger.RevokeKeyAsync("k", "test", File.Now, None);
                break;
            case "new owner":
                await ledger.RegisterAsync(StrategyId.Parse("s1"), UserId.Parse("carol"), null, null, true, File.Now, None);
                break;
            default:
                await LedgerFile.AdmitAsync(ledger, File.Order("carol", "s1"));
                break;
        }

        Assert.NotNull(await ledger.MirrorAsync(before!.Mark, None));
    }

    [Fact]
    public void File_IsReadByTheNextProcess_AndHoldsNoMoreThanItsOwnerMayRead()
    {
        var contents = new MirrorContents(
            [new("hash", new("k", "n", Role.Trader, UserId.Parse("alice")), true)],
            [new(StrategyId.Parse("s1"), UserId.Parse("alice"))],
            [new(UserId.Parse("alice"), AccountId.Parse("acc")), new(UserId.Parse("bob"), null)]);
        new LedgerMirror(MirrorFile).Replace(contents);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(MirrorFile));
        }

        var again = new LedgerMirror(MirrorFile);
        Assert.Equal(contents.Keys[0], again.FindKey("hash"));
        Assert.Equal("alice", again.OwnerOf(StrategyId.Parse("s1"))?.Value);
        Assert.Equal("acc", again.AccountOf(UserId.Parse("alice"))?.Value);
        Assert.Equal(2, again.Users.Count());
    }

    [Fact]
    public void FileThatCannotBeRead_IsAnEmptyMirror()
    {
        System.IO.File.WriteAllText(MirrorFile, "{ torn");
        Assert.Empty(new LedgerMirror(MirrorFile).Users);
    }

    [Fact]
    public async Task Memory_RecallsActiveOrders_AlsoAfterAReopening_AndForgetsEndedOnes()
    {
        var ledger = await File.OpenAsync();
        var order = await LedgerFile.AdmitAsync(ledger, File.Order("bob", "s1", isProtective: true));
        var ended = await LedgerFile.AdmitAsync(ledger, File.Order("alice", "s2"));
        await File.RecordAsync(ledger, ended, OrderState.Cancelled);
        Check(ledger);
        await ledger.DisposeAsync();
        Check(await File.OpenAsync());

        void Check(ILedger open)
        {
            Assert.Equal(new RememberedOrder(UserId.Parse("bob"), StrategyId.Parse("s1"), true, false, order.Number), open.Recall(order.Id));
            Assert.Null(open.Recall(ended.Id));
            Assert.Equal("bob", Assert.Single(open.RememberedUsers(null)).Value);
            Assert.Empty(open.RememberedUsers(StrategyId.Parse("s2")));
        }
    }

    [Fact]
    public async Task Memory_StaysWhenTheFileCannotBeWritten()
    {
        var ledger = await File.OpenAsync(o => o.BusyTimeout = TimeSpan.FromMilliseconds(100));
        var order = await LedgerFile.AdmitAsync(ledger, File.Order("bob", "s1"));
        using (new LedgerLock(File.Path))
        {
            await Assert.ThrowsAsync<LedgerUnavailableException>(async () => await ledger.AdmitAsync(File.Order(), None));
            Assert.NotNull(ledger.Recall(order.Id));
            Assert.Equal("bob", Assert.Single(ledger.RememberedUsers(StrategyId.Parse("s1"))).Value);
        }

        var stop = File.NewStop();
        Assert.NotNull(await LedgerFile.OnceUnlockedAsync(() => ledger.EngageAsync(stop, File.Request("USER:bob"), None).AsTask()));
    }
}
