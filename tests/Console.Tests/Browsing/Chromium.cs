using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Playwright;

namespace EmergencyStop.Console.Tests.Browsing;

/// <summary>Debian's chromium, driven by Playwright, and axe-core as its lock file pins it; nothing is downloaded but axe-core, by <c>npm ci</c>.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Required = "EMERGENCY_STOP_REQUIRE_SERVERS";
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(4);
    private static readonly string AxeFolder = Path.Combine(AppContext.BaseDirectory, "Axe");
    private static readonly string[] Programs = ["/usr/bin/chromium", "/usr/bin/chromium-browser"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private string? _missing;

    /// <summary>axe-core's script.</summary>
    public string Axe { get; private set; } = string.Empty;

    public async Task InitializeAsync()
    {
        if (Programs.FirstOrDefault(File.Exists) is not { } program)
        {
            _missing = "chromium is not installed: apt-get install chromium";
            return;
        }

        if (await InstallAxeAsync() is { } why)
        {
            _missing = why;
            return;
        }

        Axe = await File.ReadAllTextAsync(Path.Combine(AxeFolder, "node_modules", "axe-core", "axe.min.js"));
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = ["--no-sandbox"] });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>The browser; skips where it or axe-core is missing, unless they are required.</summary>
    public IBrowser Browser
    {
        get
        {
            if (_missing is not null && Environment.GetEnvironmentVariable(Required) == "1")
            {
                Assert.Fail($"{_missing} ({Required} is 1)");
            }

            Skip.If(_missing is not null, _missing);
            return _browser!; // Launched where nothing is missing.
        }
    }

    private static async Task<string?> InstallAxeAsync()
    {
        var installed = Path.Combine(AxeFolder, "node_modules", ".installed-from");
        var locked = await File.ReadAllTextAsync(Path.Combine(AxeFolder, "package-lock.json"));
        if (File.Exists(installed) && string.Equals(await File.ReadAllTextAsync(installed), locked, StringComparison.Ordinal))
        {
            return null;
        }

        var (code, output) = await RunAsync("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
        if (code != 0)
        {
            return $"axe-core cannot be installed here: {output.Trim()}";
        }

        await File.WriteAllTextAsync(installed, locked);
        return null;
    }

    private static async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        using var process = new Process
        {
            StartInfo = new(program, arguments) { WorkingDirectory = AxeFolder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false },
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
