using System.Diagnostics;

namespace EmergencyStop.Tidy.Tests;

/// <summary>The files of this checkout that git knows or would add.</summary>
internal static class Checkout
{
    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<string> Files { get; } = List();

    public static IEnumerable<string> Sources(params string[] folders) =>
        Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal) && folders.Any(d => f.StartsWith(d + "/", StringComparison.Ordinal)));

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "EmergencyStop.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("EmergencyStop.sln is in no folder above the tests.");
    }

    private static IReadOnlyList<string> List()
    {
        var git = new ProcessStartInfo("git", "ls-files --cached --others --exclude-standard") { WorkingDirectory = Root, RedirectStandardOutput = true, UseShellExecute = false };
        using var process = Process.Start(git) ?? throw new InvalidOperationException("git did not start.");
        var files = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        return [.. files.Where(f => File.Exists(Path.Combine(Root, f)))];
    }
}
