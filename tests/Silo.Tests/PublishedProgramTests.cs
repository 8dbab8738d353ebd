using System.Diagnostics;
using EmergencyStop.Silo.Hosting;

namespace EmergencyStop.Silo.Tests;

/// <summary>What is published is one program of the name <c>estop</c>: the service, and the command line.</summary>
public sealed class PublishedProgramTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Estop_StartsByItsName_AndServesItsCommands()
    {
        using var data = new TempFolder();
        var (code, help) = await RunAsync("--help");
        Assert.Equal(0, code);
        Assert.Contains("estop [command] [options]", help, StringComparison.Ordinal);
        Assert.All(["keys", "stop", "release", "ledger", "--role"], word => Assert.Contains(word, help, StringComparison.Ordinal));

        (code, var said) = await RunAsync("keys", "create", "--role", "viewer", "--name", "screen", "--data", data.Path);
        Assert.True(code == 0, said);
        (_, said) = await RunAsync("keys", "list", "--data", data.Path);
        Assert.Contains("screen", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/opt/estop/estop", "/opt/estop/estop.dll", "/opt/estop/estop")]
    [InlineData("/opt/a folder/estop", "/opt/a folder/estop.dll", "\"/opt/a folder/estop\"")]
    [InlineData("/usr/share/dotnet/dotnet", "/opt/estop/estop.dll", "dotnet /opt/estop/estop.dll")]
    [InlineData(null, "/opt/estop/estop.dll", "dotnet /opt/estop/estop.dll")]
    public void Program_IsNamedAsItWasStarted(string? process, string assembly, string name) => Assert.Equal(name, ProgramName.Of(process, assembly));

    /// <summary>As a person does, not through the dotnet command: the build makes the same program as the publishing.</summary>
    private static async Task<(int Code, string Said)> RunAsync(params string[] arguments)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(here.Parent!.Parent!.FullName, "Silo", here.Name, "estop"); // Both are there: artifacts/FLAVOUR/bin/Silo.Tests/CONFIGURATION.
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })
            ?? throw new InvalidOperationException("The program did not start.");
        using var bound = new CancellationTokenSource(Bound);
        try
        {
            var said = process.StandardOutput.ReadToEndAsync(bound.Token);
            var error = process.StandardError.ReadToEndAsync(bound.Token);
            await process.WaitForExitAsync(bound.Token);
            return (process.ExitCode, await said + await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
