using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace EmergencyStop.Silo.Tests;

/// <summary>Folders that no service can run on: one sentence, exit code 2, and nothing changed.</summary>
public sealed partial class DataFolderTests
{
    [Fact]
    public async Task ASecondService_IsRefused_AndTheFirstGoesOn()
    {
        using var data = new TempFolder();
        var key = await ServiceClient.MakeKeyAsync(data.Path, "engine");
        await using var first = await ServiceProcess.StartSiloAsync(data.Path);

        await RefusedAsync(data.Path, $"(process {first.Id})", "--data");

        using var engine = ServiceClient.Of(first, key);
        Assert.Equal(System.Net.HttpStatusCode.Created, (await engine.PlaceAsync("alice")).Status);
        Assert.Equal(0, (await ServiceProcess.RunAsync("Silo", "keys", "list", "--data", data.Path)).Code);
        Assert.Equal(0, (await ServiceProcess.RunAsync("Silo", "audit", "verify", "--data", data.Path)).Code);
    }

    [Fact]
    public async Task AKilledService_LeavesTheFolderFree()
    {
        using var data = new TempFolder();
        await using (var first = await ServiceProcess.StartSiloAsync(data.Path))
        {
            await first.KillAsync();
        }

        await using var second = await ServiceProcess.StartSiloAsync(data.Path);
        Assert.Equal(0, await second.TerminateAsync());
    }

    [Theory]
    [InlineData("newer schema", "run the newer program")]
    [InlineData("overwritten header", "is not an SQLite file")]
    [InlineData("truncated", "is damaged")]
    [InlineData("damaged page", "is damaged")]
    [InlineData("something else", "is an SQLite file of something else")]
    public async Task ABadFile_IsRefused_AndLeftAsItIs(string trouble, string says)
    {
        using var data = new TempFolder();
        await ServiceClient.MakeKeyAsync(data.Path, "engine");
        await SpoilAsync(data.Path, trouble);
        var before = Fingerprint(data.Path);

        await RefusedAsync(data.Path, says);

        Assert.Equal(before, Fingerprint(data.Path));
    }

    [Fact]
    public async Task AFileInPlaceOfTheFolder_IsRefused()
    {
        using var data = new TempFolder();
        var file = Path.Combine(data.Path, "file");
        await File.WriteAllTextAsync(file, "mine");

        await RefusedAsync(file, "cannot be made or written");
        await RefusedAsync(Path.Combine(file, "below"), "cannot be made or written");
        var (code, _, error) = await ServiceProcess.RunAsync("Silo", "keys", "list", "--data", file);

        Assert.Equal(2, code);
        Assert.Contains("cannot be made", OneSentence(error), StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(file));
    }

    [SkippableFact]
    public async Task AReadOnlyFolder_IsRefused_AndLeftAsItIs()
    {
        using var disk = await SmallDisk.MountAsync(megabytes: 2);
        await ServiceClient.MakeKeyAsync(disk.Path, "engine");
        await disk.MakeReadOnlyAsync();
        var before = Fingerprint(disk.Path);

        await RefusedAsync(disk.Path, "write access");
        var (code, _, error) = await ServiceProcess.RunAsync("Silo", "keys", "list", "--data", disk.Path);

        Assert.Equal(2, code);
        Assert.Contains("write access", OneSentence(error), StringComparison.Ordinal);
        Assert.Equal(before, Fingerprint(disk.Path));
    }

    [SkippableFact]
    public async Task AFullDisk_IsRefused()
    {
        using var disk = await SmallDisk.MountAsync(megabytes: 2);
        disk.Fill();
        await RefusedAsync(disk.Path, "is full: make room on it");
    }

    private static async Task RefusedAsync(string data, params string[] says)
    {
        var (code, output, error) = await ServiceProcess.RunAsync("Silo", "--data", data, "--urls", "http://127.0.0.1:0");
        Assert.True(code == 2, $"exit code {code}: {output}{error}");
        Assert.DoesNotContain("ready on", output, StringComparison.Ordinal);
        Assert.All(says, word => Assert.Contains(word, OneSentence(error), StringComparison.Ordinal));
    }

    private static string OneSentence(string error)
    {
        var line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.EndsWith(".", line, StringComparison.Ordinal);
        return line;
    }

    private static async Task SpoilAsync(string data, string trouble)
    {
        var ledger = Path.Combine(data, "ledger.db");
        await ChangeAsync(ledger, trouble == "newer schema" ? "INSERT INTO schema_version VALUES (99, 'later')" : "PRAGMA user_version");
        Assert.False(File.Exists(ledger + "-wal"));
        var bytes = await File.ReadAllBytesAsync(ledger);
        switch (trouble)
        {
            case "overwritten header":
                bytes.AsSpan(0, 100).Fill(0x5a);
                break;
            case "truncated":
                bytes = bytes[..(bytes.Length / 2)];
                break;
            case "damaged page":
                bytes.AsSpan(4096).Fill(0x5a);
                break;
            case "something else":
                File.Delete(ledger);
                await ChangeAsync(ledger, "CREATE TABLE theirs (x)");
                return;
            case "bad grain state":
                await File.WriteAllTextAsync(Path.Combine(data, "grains.db"), new string('x', 5_000));
                return;
        }

        await File.WriteAllBytesAsync(ledger, bytes);
    }

    /// <summary>Changes the file; as the last to close it, it leaves one file without a log.</summary>
    private static async Task ChangeAsync(string file, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync();
        await using var change = connection.CreateCommand();
        change.CommandText = sql;
        await change.ExecuteNonQueryAsync();
    }

    /// <summary>Every database file with its bytes; the lock file and SQLite's passing ones aside.</summary>
    private static string[] Fingerprint(string data) =>
        [.. Directory.GetFiles(data, "*.db").Order(StringComparer.Ordinal).Select(f => $"{Path.GetFileName(f)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f)))}")];
}
