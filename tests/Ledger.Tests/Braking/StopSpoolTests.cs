using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Tests.Braking;

/// <summary>The spool keeps what was answered, whole, and reads nothing else as a stop.</summary>
public sealed class StopSpoolTests : IDisposable
{
    private const int Record = 4096;
    private const int Records = 4;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spool-");

    private string File => Path.Combine(_folder.FullName, "stops.spool");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Stop_IsReadBackAsItWasWritten_ByTheNextProcess()
    {
        var stop = new SpooledStop(StopId.Parse("s-1"), new(
            StopTarget.Parse("USER:alice/SYMBOL:BTC/USD"),
            new(CancelOrders: true, PauseStrategies: false, ClosePositions: true, KeepProtective: true),
            EmergencyStopReason.MarketCondition,
            new string('株', EmergencyStopRequest.LongestReason),
            new("k", new string('€', 100), Role.Trader, UserId.Parse("alice")),
            new(2026, 3, 2, 9, 30, 0, 123, TimeSpan.Zero),
            new string('k', 128),
            new string('a', 64)));
        using (var spool = StopSpool.Open(File, Records))
        {
            Assert.True(spool.IsEmpty);
            Assert.True(spool.TryWrite(stop));
        }

        using var again = StopSpool.Open(File, Records);
        Assert.Equal(stop, Assert.Single(again.Read()));
        Assert.False(again.IsEmpty);
    }

    [Fact]
    public void ClearedStop_IsGone_AndItsRoomIsUsedAgain()
    {
        using (var spool = StopSpool.Open(File, Records))
        {
            for (var i = 0; i < 3 * Records; i++)
            {
                Assert.True(spool.TryWrite(Stop($"s-{i}")));
                spool.Clear(StopId.Parse($"s-{i}"));
            }

            Assert.True(spool.TryWrite(Stop("s-last")));
        }

        using var again = StopSpool.Open(File, Records);
        Assert.Equal("s-last", Assert.Single(again.Read()).Id.Value);
    }

    [Fact]
    public void FullSpool_SaysSo_AndKeepsWhatItHas()
    {
        using var spool = StopSpool.Open(File, Records);
        for (var i = 0; i < Records; i++)
        {
            Assert.True(spool.TryWrite(Stop($"s-{i}")));
        }

        Assert.False(spool.TryWrite(Stop("one too many")));
        Assert.Equal(Records, spool.Read().Length);
    }

    [Fact]
    public void File_HasItsRoomFromTheStart()
    {
        using var spool = StopSpool.Open(File, Records);
        Assert.Equal(Records * Record, new FileInfo(File).Length);
        Assert.True(spool.TryWrite(Stop("s-1")));
        Assert.Equal(Records * Record, new FileInfo(File).Length);
    }

    [Fact]
    public void TornRecord_OfAnyLength_IsFoundAndNeverReadAsAStop()
    {
        using (var spool = StopSpool.Open(File, Records))
        {
            spool.TryWrite(Stop("s-1"));
        }

        var whole = System.IO.File.ReadAllBytes(File)[..Record];
        var text = Array.FindLastIndex(whole, b => b != 0);
        for (var written = 1; written <= text; written += 7)
        {
            var torn = new byte[Records * Record];
            whole.AsSpan(0, written).CopyTo(torn);
            System.IO.File.WriteAllBytes(File, torn);
            using var spool = StopSpool.Open(File, Records);
            Assert.Empty(spool.Read());
            Assert.Equal(1, spool.Torn);
        }
    }

    [Fact]
    public void DamagedOrMovedRecord_IsFoundAndNeverReadAsAStop()
    {
        using (var spool = StopSpool.Open(File, Records))
        {
            spool.TryWrite(Stop("s-1"));
        }

        var whole = System.IO.File.ReadAllBytes(File);
        var bytes = (byte[])whole.Clone();
        bytes[100] ^= 1;
        Check(bytes);
        var moved = new byte[Records * Record];
        whole.AsSpan(0, Record).CopyTo(moved.AsSpan(Record));
        Check(moved);

        void Check(byte[] content)
        {
            System.IO.File.WriteAllBytes(File, content);
            using var spool = StopSpool.Open(File, Records);
            Assert.Empty(spool.Read());
            Assert.Equal(1, spool.Torn);
            Assert.True(spool.TryWrite(Stop("s-2")));
            Assert.Equal("s-2", Assert.Single(spool.Read()).Id.Value);
        }
    }

    [Fact]
    public void FolderThatCannotBeWritten_IsOneSentence()
    {
        System.IO.File.WriteAllText(File, "in the way");
        var trouble = Assert.Throws<LedgerUnavailableException>(() => StopSpool.Open(Path.Combine(File, "stops.spool"), Records));
        Assert.Contains("spool", trouble.Message, StringComparison.Ordinal);
    }

    private static SpooledStop Stop(string id) => new(StopId.Parse(id.Replace(' ', '-')), new(
        StopTarget.System, new(), EmergencyStopReason.UserInitiated, "because", new("k", "officer", Role.RiskOfficer, null), DateTimeOffset.UnixEpoch));
}
