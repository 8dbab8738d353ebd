using System.ComponentModel;
using System.Diagnostics;

namespace EmergencyStop.Silo.Tests.AlpacaClients;

/// <summary>Alpaca's JavaScript clients as their lock file pins them, installed into the output folder by <c>npm ci</c>.</summary>
public sealed class AlpacaPackages : IAsyncLifetime
{
    private const string Required = "EMERGENCY_STOP_REQUIRE_SERVERS";
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(4);
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "AlpacaClients");
    private string? _missing;

    public async Task InitializeAsync()
    {
        var installed = Path.Combine(Folder, "node_modules", ".installed-from");
        var locked = await File.ReadAllTextAsync(Path.Combine(Folder, "package-lock.json"));
        if (File.Exists(installed) && string.Equals(await File.ReadAllTextAsync(installed), locked, StringComparison.Ordinal))
        {
            return;
        }

        var (code, output) = await RunAsync("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
        if (code == 0)
        {
            await File.WriteAllTextAsync(installed, locked);
        }
        else
        {
            _missing = $"Alpaca's JavaScript clients cannot be installed here: {output.Trim()}";
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>Runs one of the scripts against a venue; skips where node or the packages are missing, unless they are required.</summary>
    public async Task<(int Code, string Output)> RunScriptAsync(string script, Uri venue, string keyId)
    {
        if (_missing is not null && Environment.GetEnvironmentVariable(Required) == "1")
        {
            Assert.Fail($"{_missing} ({Required} is 1)");
        }

        Skip.If(_missing is not null, _missing);
        return await RunAsync("node", script, venue.ToString().TrimEnd('/'), keyId);
    }

    private static async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        using var process = new Process
        {
            StartInfo = new(program, arguments)
            {
                WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
            },
        };
        try
        {
            process.Start();
        }
        catch (Win32Exception missing)
        {
            return (1, $"{program} does not run: {missing.Message}");
        }

        using var bound = new CancellationTokenSource(Bound);
        var output = process.StandardOutput.ReadToEndAsync(bound.Token);
        var error = process.StandardError.ReadToEndAsync(bound.Token);
        try
        {
            await process.WaitForExitAsync(bound.Token);
            return (process.ExitCode, await output + await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return (1, $"{program} did not end within {Bound.TotalMinutes:0} minutes");
        }
    }
}
