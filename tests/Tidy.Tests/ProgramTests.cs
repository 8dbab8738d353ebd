using System.Diagnostics;
using System.Text.Json;

namespace EmergencyStop.Tidy.Tests;

/// <summary>The published program, its image and its unit for systemd fit together.</summary>
public sealed class ProgramTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(4);
    private static readonly ILookup<string, string> Unit = Checkout.Read("deploy/systemd/estop.service").Split('\n')
        .Where(l => l.Contains('=', StringComparison.Ordinal) && !l.StartsWith('#'))
        .ToLookup(l => l[..l.IndexOf('=', StringComparison.Ordinal)], l => l[(l.IndexOf('=', StringComparison.Ordinal) + 1)..], StringComparer.Ordinal);

    [Fact]
    public async Task Image_IsOfTheProgram_AndOfAUserWhoIsNotRoot()
    {
        var image = await EvaluateAsync();
        Assert.Equal("estop", image.GetProperty("Properties").GetProperty("AssemblyName").GetString());
        Assert.Equal("estop", image.GetProperty("Properties").GetProperty("ContainerRepository").GetString());
        var user = image.GetProperty("Properties").GetProperty("ContainerUser").GetString();
        Assert.All(Manifests.Sets, s => Assert.Equal(user, $"{s.Spec.Template.Spec.SecurityContext.RunAsUser}"));
        Assert.All(Manifests.Sets, s => Assert.EndsWith("/estop", Manifests.Container(s).Image.Split(':')[0], StringComparison.Ordinal));
        Assert.Equal(["/app/estop"], Items(image, "ContainerAppCommand"));
        Assert.Equal(["5080"], Items(image, "ContainerPort"));
        Assert.Equal("--data", Items(image, "ContainerDefaultArgs")[0]);
        var folder = Items(image, "ContainerDefaultArgs")[1];
        Assert.All(Manifests.Sets, s => Assert.Contains(folder, Manifests.Container(s).Args));
    }

    [Fact]
    public void Unit_StartsTheProgramOnItsOwnFolder_AndAgainWhateverHappens()
    {
        var command = Single("ExecStart").Split(' ');
        Assert.EndsWith("/estop", command[0], StringComparison.Ordinal);
        Assert.Equal($"/var/lib/{Single("StateDirectory")}", command[Array.IndexOf(command, "--data") + 1]);
        var options = Checkout.Read("src/Silo/CommandLine/SiloCommand.cs");
        Assert.Empty(command.Where(a => a.StartsWith("--", StringComparison.Ordinal) && !options.Contains($"\"{a}\"", StringComparison.Ordinal)));
        Assert.Equal("always", Single("Restart"));
        Assert.Equal("0", Single("StartLimitIntervalSec"));
        Assert.True(int.Parse(Single("TimeoutStopSec"), System.Globalization.CultureInfo.InvariantCulture) >= 40);
        Assert.Empty(Unit["Environment"].Select(e => e.Split('=')[0]).Where(n => !Manifests.IsSetting(n)));
        Assert.Empty(Unit["Environment"].Where(e => Manifests.IsSecret(e.Split('=')[0])));
    }

    [Theory]
    [InlineData("NoNewPrivileges", "yes")]
    [InlineData("ProtectSystem", "strict")]
    [InlineData("ProtectHome", "yes")]
    [InlineData("PrivateTmp", "yes")]
    [InlineData("PrivateDevices", "yes")]
    [InlineData("CapabilityBoundingSet", "")]
    [InlineData("StateDirectoryMode", "0700")]
    [InlineData("UMask", "0077")]
    public void Unit_GivesTheProgramNoMoreThanItNeeds(string setting, string value)
    {
        Assert.Equal(value, Single(setting));
        Assert.NotEqual("root", Single("User"));
        Assert.StartsWith($"u {Single("User")} ", Checkout.Read("deploy/systemd/estop.sysusers"), StringComparison.Ordinal);
        Assert.Empty(Unit["MemoryDenyWriteExecute"]); // .NET makes code while it runs: it would not start.
    }

    private static string Single(string setting) => Assert.Single(Unit[setting]);

    private static string[] Items(JsonElement image, string kind) =>
        [.. image.GetProperty("Items").GetProperty(kind).EnumerateArray().Select(i => i.GetProperty("Identity").GetString()!)]; // Every item has one.

    /// <summary>What dotnet publish -t:PublishContainer goes by; nothing is built.</summary>
    private static async Task<JsonElement> EvaluateAsync()
    {
        string[] arguments =
        [
            "msbuild", "src/Silo/Silo.csproj", "-getProperty:AssemblyName,ContainerRepository,ContainerUser",
            "-getItem:ContainerPort,ContainerAppCommand,ContainerDefaultArgs",
        ];
        using var build = Process.Start(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = Checkout.Root, RedirectStandardOutput = true, UseShellExecute = false })
            ?? throw new InvalidOperationException("dotnet did not start.");
        using var bound = new CancellationTokenSource(Bound);
        try
        {
            var said = build.StandardOutput.ReadToEndAsync(bound.Token);
            await build.WaitForExitAsync(bound.Token);
            return JsonDocument.Parse(await said).RootElement;
        }
        finally
        {
            if (!build.HasExited)
            {
                build.Kill(entireProcessTree: true);
            }
        }
    }
}
