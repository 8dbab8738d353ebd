using EmergencyStop.Api.Risk;
using EmergencyStop.Ledger.Sqlite;
using EmergencyStop.Risk;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace EmergencyStop.Api.Tests.Risk;

/// <summary>The rules' file against the real ledger, one look at a time.</summary>
public sealed class RulesFileTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rules-");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
    private SqliteLedger _ledger = null!; // Opened by InitializeAsync, which xunit calls first.

    private string Path => System.IO.Path.Combine(_folder.FullName, "rules.yaml");

    public async Task InitializeAsync() =>
        _ledger = await SqliteLedger.OpenAsync(new SqliteLedgerOptions { Path = System.IO.Path.Combine(_folder.FullName, "ledger.db") }, _time);

    public async Task DisposeAsync()
    {
        await _ledger.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task TheFile_OwnsWhatItNames_ChangesAsAWhole_AndIsWrongWithoutEffect()
    {
        await WriteAsync("a: 10", "b: 20");
        using var file = Open();
        await file.Service.StartAsync(CancellationToken.None);
        await UntilAsync(async () => (await RulesAsync()) == "a v1 10, b v1 20");
        Assert.Null(file.Status.Now?.Wrong);

        await WriteAsync("a: 11", "b: 20", "c: 500");
        await LookAsync(file.Status, wrong: true);
        Assert.Equal("a v1 10, b v1 20", await RulesAsync());
        Assert.Contains("line 16: threshold: ", file.Status.Now?.Wrong, StringComparison.Ordinal);

        await WriteAsync("a: 11", "c: 5");
        await UntilAsync(async () => (await RulesAsync()) == "a v2 11, c v1 5", look: true);
        var gone = (await _ledger.RiskRuleVersionsAsync(RiskRuleId.Parse("b"), CancellationToken.None))[0];
        Assert.Equal((true, 2, "the rules' file names it no more"), (gone.Deleted, gone.Version, gone.Reason));

        File.Delete(Path);
        await LookAsync(file.Status, wrong: true);
        Assert.Equal("a v2 11, c v1 5", await RulesAsync());
        await file.Service.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task AStart_WithTheSameFile_MakesNoVersions()
    {
        await WriteAsync("a: 10");
        for (var start = 0; start < 3; start++)
        {
            using var file = Open();
            await file.Service.StartAsync(CancellationToken.None);
            await UntilAsync(() => Task.FromResult(file.Status.Now?.ReadAt is not null));
            await file.Service.StopAsync(CancellationToken.None);
        }

        Assert.Equal("a v1 10", await RulesAsync());
    }

    private Opened Open()
    {
        var options = Options.Create(new RulesFileOptions { Path = Path });
        var status = new RulesFileStatus(options);
        return new(new RulesFile(_ledger, status, _time, options, NullLogger<RulesFile>.Instance), status);
    }

    private Task WriteAsync(params string[] rules) => File.WriteAllTextAsync(Path, "rules:\n" + string.Concat(rules.Select(r => r.Split(": ")).Select(
        r => $"  - id: {r[0]}\n    kind: drawdown\n    reason: test\n    action: stop\n    threshold: {r[1]}\n")));

    private async Task<string> RulesAsync() => string.Join(", ", (await _ledger.RiskRulesAsync(CancellationToken.None))
        .Where(v => !v.Deleted).Select(v => $"{v.Rule.Id} v{v.Version} {v.Rule.Threshold}"));

    private Task LookAsync(RulesFileStatus status, bool wrong) => UntilAsync(() => Task.FromResult(status.Now?.Wrong is not null == wrong), look: true);

    private async Task UntilAsync(Func<Task<bool>> enough, bool look = false)
    {
        for (var i = 0; i < 500 && !await enough(); i++)
        {
            _time.Advance(look ? TimeSpan.FromSeconds(2) : TimeSpan.Zero);
            await Task.Delay(20);
        }

        Assert.True(await enough(), await RulesAsync());
    }

    private sealed record Opened(RulesFile Service, RulesFileStatus Status) : IDisposable
    {
        public void Dispose() => Service.Dispose();
    }
}
