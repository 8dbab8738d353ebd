using System.Diagnostics;
using EmergencyStop.Simulation.Tests.Planted;

namespace EmergencyStop.Simulation.Tests.Running;

/// <summary>A child process that runs a share of the histories, in a runtime with one pool thread.</summary>
public sealed class WorkerProcess : IDisposable
{
    /// <summary>The first argument of a worker.</summary>
    public const string Word = "worker";

    private const int ErrorLines = 20;

    // One thread decides the order of all that is left to the pool; its garbage is collected by the same thread. As measured.
    private static readonly (string Name, string Value)[] Runtime =
    [
        ("DOTNET_ThreadPool_ForceMaxWorkerThreads", "1"),
        ("DOTNET_ThreadPool_ForceMinWorkerThreads", "1"),
        ("DOTNET_gcServer", "0"),
        ("DOTNET_gcConcurrent", "0"),
        ("DOTNET_GCgen0size", "4000000"), // 64 MB, in hex: a history makes much, and keeps next to nothing.
        ("DOTNET_TieredPGO", "1"),
        ("DOTNET_TieredPGO_InstrumentOnlyHotCode", "0"), // Counted from its first run on, so that code is compiled anew once, not twice: at full speed after 25 s, not 60.
        ("DOTNET_TC_CallCountingDelayMs", "10"), // Hex as well. Something is new at every moment of a history; with the usual 100 ms hardly anything would be counted.
    ];

    private readonly Process _process;
    private readonly Queue<string> _errors = new();

    private WorkerProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, told) => Keep(told.Data);
        process.BeginErrorReadLine();
    }

    /// <summary>What it wrote to its error stream last.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return string.Join(" | ", _errors);
            }
        }
    }

    /// <summary>Starts one.</summary>
    /// <param name="job">Its share.</param>
    /// <param name="planted">The copy that holds planted bugs runs, with this one switched on (none where it is empty); <c>null</c> for the real one.</param>
    public static WorkerProcess Start(Job job, string? planted)
    {
        var assembly = typeof(WorkerProcess).Assembly.Location;
        var program = planted is null ? assembly : Path.Combine(Path.GetDirectoryName(assembly) ?? ".", "planted", Path.GetFileName(assembly));
        var start = new ProcessStartInfo(Host(), ["exec", program, Word, .. job.Arguments()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in Runtime)
        {
            start.Environment[name] = value;
        }

        start.Environment[Planting.Switch] = planted ?? string.Empty;
        return new(Process.Start(start) ?? throw new InvalidOperationException($"{program} does not start."));
    }

    /// <summary>Its next line; <c>null</c> once it has ended.</summary>
    public async Task<string?> ReadAsync(TimeSpan patience, CancellationToken cancellationToken) =>
        await _process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(patience, cancellationToken);

    /// <summary>How it ended.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(CancellationToken.None);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    /// <summary>The dotnet that runs this program.</summary>
    internal static string Host() =>
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } named ? named
        : Environment.ProcessPath is { } own && Path.GetFileNameWithoutExtension(own) == "dotnet" ? own
        : "dotnet";

    private void Keep(string? line)
    {
        lock (_errors)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                _errors.Enqueue(line);
            }

            if (_errors.Count > ErrorLines)
            {
                _errors.Dequeue();
            }
        }
    }
}
