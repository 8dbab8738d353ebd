using System.Diagnostics;
using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace EmergencyStop.Tidy.Tests;

/// <summary>The model of the gate holds, breaks where it must, and its page speaks of code that exists.</summary>
public sealed partial class ModelTests(ITestOutputHelper output)
{
    private const string Required = "EMERGENCY_STOP_REQUIRE_SERVERS";
    private const int ToolsMissing = 3;
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(8);

    [SkippableFact]
    public async Task Model_HoldsAndEachRemovalBreaksItsPromise()
    {
        Skip.If(OperatingSystem.IsWindows(), "check.sh is a shell script.");
        var (code, said) = await CheckAsync();
        output.WriteLine(said);
        Skip.If(code == ToolsMissing && Environment.GetEnvironmentVariable(Required) != "1", said);
        Assert.True(code == 0, said);
    }

    [Fact]
    public void Page_NamesMembersThatExist()
    {
        var types = Checkout.Sources("src").Select(Checkout.Read)
            .SelectMany(text => Type().Matches(text).Select(m => (Name: m.Groups[1].Value, Text: text))).ToLookup(t => t.Name, t => t.Text);
        var named = Member().Matches(Checkout.Read("docs/model/README.md"));
        Assert.NotEmpty(named);
        Assert.Empty(named.Where(m => !types[m.Groups[1].Value].Any(text => Declares(text, m.Groups[2].Value))).Select(m => m.Value));
    }

    private static bool Declares(string text, string member) =>
        Regex.IsMatch(text, $@"(?:^|[\w>?\]]\s)\s*{member}\s*(?:[(<{{,;=]|=>|$)", RegexOptions.Multiline);

    private static async Task<(int Code, string Said)> CheckAsync()
    {
        using var check = Process.Start(new ProcessStartInfo("bash", "docs/model/check.sh --unless-checked")
        {
            WorkingDirectory = Checkout.Root, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        }) ?? throw new InvalidOperationException("bash did not start.");
        using var bound = new CancellationTokenSource(Bound);
        try
        {
            var said = check.StandardOutput.ReadToEndAsync(bound.Token);
            var errors = check.StandardError.ReadToEndAsync(bound.Token);
            await check.WaitForExitAsync(bound.Token);
            return (check.ExitCode, (await said + await errors).Trim());
        }
        catch (OperationCanceledException)
        {
            check.Kill(entireProcessTree: true);
            return (1, $"The check did not end within {Bound.TotalMinutes:0} minutes.");
        }
    }

    [GeneratedRegex(@"\b(?:class|record|struct|interface|enum) (?:struct |class )?(\w+)")]
    private static partial Regex Type();

    [GeneratedRegex(@"`([A-Z]\w+)\.([A-Z]\w+)`")]
    private static partial Regex Member();
}
