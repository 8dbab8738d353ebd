using EmergencyStop.Ledger.Sqlite;
using EmergencyStop.Ledger.Tests.Contract;
using SQLitePCL;

namespace EmergencyStop.Ledger.Tests.Sqlite;

/// <summary>Every trouble with the file is one sentence that names it and says what to do.</summary>
public sealed class TroubleTests : LedgerTest
{
    [Theory]
    [InlineData(raw.SQLITE_NOTADB, "move this one away")]
    [InlineData(raw.SQLITE_CORRUPT, "restore a backup")]
    [InlineData(raw.SQLITE_FULL, "make room")]
    [InlineData(raw.SQLITE_READONLY, "write access")]
    [InlineData(raw.SQLITE_CANTOPEN, "write access")]
    [InlineData(raw.SQLITE_PERM, "owner and permissions")]
    [InlineData(raw.SQLITE_BUSY, "Another process")]
    [InlineData(raw.SQLITE_IOERR, "check the disk")]
    [InlineData(raw.SQLITE_PROTOCOL, "SQLite error 15")]
    public void Sentence_NamesTheFile_AndSaysWhatToDo(int code, string says)
    {
        var sentence = SqliteTrouble.Sentence(code, "/data/ledger.db");
        Assert.Contains("/data/ledger.db", sentence, StringComparison.Ordinal);
        Assert.Contains(says, sentence, StringComparison.Ordinal);
        Assert.EndsWith(".", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', sentence);
    }

    [Fact]
    public async Task ANewerFile_IsRefusedBeforeItsModeIsChanged()
    {
        File.Tamper("CREATE TABLE schema_version (version INTEGER, name TEXT); INSERT INTO schema_version VALUES (99, 'later')");
        var before = await System.IO.File.ReadAllBytesAsync(File.Path);

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => File.OpenAsync());

        Assert.Equal(before, await System.IO.File.ReadAllBytesAsync(File.Path));
    }
}
