using System.Collections.Concurrent;
using System.Diagnostics;

namespace EmergencyStop.Silo.Tests;

/// <summary>One of the project's programs as a child process on a loopback port of its own.</summary>
public sealed partial class ServiceProcess : IAsyncDisposable
{
    // Only a start that hangs takes so long; one that shares its cores with a build takes its time.
    private static readonly TimeSpan StartBound = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<Uri> _braking = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServiceProcess(string project, params string[] arguments)
    {
        _process = new Process { StartInfo = Info(project, arguments), EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, e) => Hear(e.Data);
        _process.ErrorDataReceived += (_, e) => Hear(e.Data);
        _process.Exited += (_, _) => _braking.TrySetException(new InvalidOperationException($"{project} ended:\n{Output}"));
        _process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException($"{project} ended before it was ready:\n{Output}"));
    }

    /// <summary>Where it listens.</summary>
    public Uri Url { get; private set; } = new("http://127.0.0.1:0");

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Everything it has printed.</summary>
    public string Output => string.Join('\n', _output);

    public static Task<ServiceProcess> StartSimulatorAsync() =>
        StartAsync("Venues.Simulator", "--urls", "http://127.0.0.1:0");

    public static Task<ServiceProcess> StartSiloAsync(string data, Uri? venue = null, params string[] more) =>
        StartAsync("Silo", ["--data", data, "--urls", "http://127.0.0.1:0", .. venue is null ? [] : (string[])["--venue-url", venue.ToString()], .. more]);

    /// <summary>A service with settings from the environment.</summary>
    public static Task<ServiceProcess> StartWithAsync(string data, IReadOnlyDictionary<string, string> environment, params string[] more) =>
        StartAsync("Silo", environment, ["--data", data, .. more.Contains("--urls", StringComparer.Ordinal) ? (string[])[] : ["--urls", "http://127.0.0.1:0"], .. more]);

    /// <summary>A service that starts without its ledger, as told; it has a place of its own, where it stays when the ledger returns.</summary>
    public static async Task<ServiceProcess> StartBrakingAsync(string data, Uri url, Uri venue)
    {
        var service = new ServiceProcess("Silo", "--data", data, "--urls", url.ToString(), "--venue-url", venue.ToString(), "--wait-for-ledger");
        service.Start();
        service.Url = await service._braking.Task.WaitAsync(StartBound);
        return service;
    }

    /// <summary>Waits until the whole service is up.</summary>
    public async Task ReadyAsync() => Url = await _ready.Task.WaitAsync(StartBound);

    /// <summary>Runs a command to its end, which is made when it has none of its own.</summary>
    public static Task<(int Code, string Output, string Error)> RunAsync(string project, params string[] arguments) =>
        RunWithAsync(new Dictionary<string, string>(StringComparer.Ordinal), project, arguments);

    /// <summary>Runs a command with settings from the environment.</summary>
    public static async Task<(int Code, string Output, string Error)> RunWithAsync(
        IReadOnlyDictionary<string, string> environment, string project, params string[] arguments)
    {
        var info = Info(project, arguments);
        foreach (var (name, value) in environment)
        {
            info.Environment[name] = value;
        }

        info.RedirectStandardInput = true;
        using var process = Process.Start(info) ?? throw new InvalidOperationException("The process did not start.");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var bound = new CancellationTokenSource(StartBound);
        try
        {
            await process.WaitForExitAsync(bound.Token);
        }
        catch (OperationCanceledException e)
        {
            process.Kill();
            throw new TimeoutException($"{project} {string.Join(' ', arguments)} did not end:\n{await output}{await error}", e);
        }

        return (process.ExitCode, await output, await error);
    }

    /// <summary>kill -9: nothing is flushed, nothing is said.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, and its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", $"-TERM {_process.Id}");
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private void Start()
    {
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private static Task<ServiceProcess> StartAsync(string project, params string[] arguments) =>
        StartAsync(project, new Dictionary<string, string>(StringComparer.Ordinal), arguments);

    private static async Task<ServiceProcess> StartAsync(string project, IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        var service = new ServiceProcess(project, arguments);
        foreach (var (name, value) in environment)
        {
            service._process.StartInfo.Environment[name] = value;
        }

        service.Start();
        try
        {
            service.Url = await service._ready.Task.WaitAsync(StartBound);
            return service;
        }
        catch
        {
            await service.DisposeAsync(); // Nobody else knows of it.
            throw;
        }
    }

    /// <summary>The programs are built beside the tests: artifacts/flavour/bin/PROJECT/configuration.</summary>
    private static ProcessStartInfo Info(string project, string[] arguments)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var binaries = here.Parent?.Parent ?? throw new InvalidOperationException("The tests run from an unexpected folder.");
        var program = Path.Combine(binaries.FullName, project, here.Name, project == "Silo" ? "estop.dll" : $"EmergencyStop.{project}.dll");
        var info = new ProcessStartInfo("dotnet", ["exec", program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        ChoosePorts(info);
        return info;
    }

    /// <summary>Where the host of the grains has ports of its own.</summary>
    static partial void ChoosePorts(ProcessStartInfo info);

    private void Hear(string? line)
    {
        if (line is null)
        {
            return;
        }

        _output.Enqueue(line);
        const string braking = "braking on ";
        if (line.StartsWith(braking, StringComparison.Ordinal))
        {
            _braking.TrySetResult(new Uri(line[braking.Length..].Trim()));
        }

        const string ready = "ready on ";
        if (line.StartsWith(ready, StringComparison.Ordinal))
        {
            _ready.TrySetResult(new Uri(line[ready.Length..].Trim()));
        }
    }
}
