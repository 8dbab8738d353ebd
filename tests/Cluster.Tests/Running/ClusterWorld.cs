using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using EmergencyStop.Ledger.Tests.PostgreSql;
using EmergencyStop.Silo.Hosting;
using EmergencyStop.Silo.Tests;
using EmergencyStop.Stopping;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace EmergencyStop.Cluster.Tests.Running;

/// <summary>Three silos and two gateways as processes on loopback, over a PostgreSQL server and a venue of their own.</summary>
public sealed class ClusterWorld : IAsyncDisposable
{
    public const int Silos = 3;
    public const int Gateways = 2;
    private const string Secret = "a secret that all processes of the cluster share";

    private readonly TempFolder _folder = new();
    private readonly ServiceProcess?[] _silos = new ServiceProcess?[Silos];
    private readonly ServiceProcess?[] _gateways = new ServiceProcess?[Gateways];
    private readonly (int Silo, int Gateway)[] _ports = [.. Enumerable.Range(0, Silos).Select(_ => (FreePort(), FreePort()))];
    private readonly Dictionary<string, string> _more;
    private Simulator? _venue;
    private ClusterView? _view;

    private ClusterWorld(IReadOnlyDictionary<string, string>? more) => _more = new(more ?? new Dictionary<string, string>(StringComparer.Ordinal), StringComparer.Ordinal);

    public PostgreSqlServer Server { get; } = PostgreSqlServer.StartOwn();

    public Simulator Venue => _venue ?? throw new InvalidOperationException("The world was not started.");

    internal ClusterView View => _view ?? throw new InvalidOperationException("Nobody has looked into the cluster yet.");

    public string EngineKey { get; private set; } = string.Empty;

    public string OfficerKey { get; private set; } = string.Empty;

    public ServiceProcess[] AllGateways => [.. _gateways.OfType<ServiceProcess>()];

    /// <summary>The cluster's own database: the ledger's, another schema.</summary>
    public string OrleansDatabase => Server.ConnectionString("postgres") + ";Search Path=orleans";

    /// <summary>Starts everything.</summary>
    public static async Task<ClusterWorld> StartAsync(IReadOnlyDictionary<string, string>? more = null)
    {
        _ = await PostgreSqlServer.SharedAsync(); // Skips where there is none.
        var world = new ClusterWorld(more);
        try
        {
            world._venue = await Simulator.StartAsync();
            world.EngineKey = await ServiceClient.MakeKeyAsync(world.Settings(null), world._folder.Path, "engine");
            world.OfficerKey = await ServiceClient.MakeKeyAsync(world.Settings(null), world._folder.Path, "risk_officer");
            await world.StartMissingAsync();
            return world;
        }
        catch
        {
            await world.DisposeAsync(); // What was started must not outlive the test.
            throw;
        }
    }

    public ServiceProcess Silo(int index) => _silos[index] ?? throw new InvalidOperationException($"Silo {index} does not run.");

    public ServiceProcess Gateway(int index) => _gateways[index] ?? throw new InvalidOperationException($"Gateway {index} does not run.");

    public ServiceClient Engine(int gateway = 0) => ServiceClient.Of(Gateway(gateway), EngineKey);

    public ServiceClient Officer(int gateway = 0) => ServiceClient.Of(Gateway(gateway), OfficerKey);

    /// <summary>Which silo has a port.</summary>
    public int SiloOf(int port) => Array.FindIndex(_ports, p => p.Silo == port);

    /// <summary>The port on which a silo hears gateways.</summary>
    public int GatewayPortOf(int silo) => _ports[silo].Gateway;

    /// <summary>Starts whatever does not run, and waits until the cluster has all of it.</summary>
    public async Task StartMissingAsync()
    {
        await Task.WhenAll(Enumerable.Range(0, Silos).Where(i => _silos[i] is null).Select(StartSiloAsync));
        await Task.WhenAll(Enumerable.Range(0, Gateways).Where(i => _gateways[i] is null).Select(StartGatewayAsync));
        _view ??= await ClusterView.ConnectAsync(OrleansDatabase, Options());
        await Simulator.UntilAsync(async () => (await View.ActiveAsync()).SequenceEqual(_ports.Select(p => p.Silo).Order()));
        foreach (var gateway in AllGateways)
        {
            await Simulator.UntilAsync(() => Task.FromResult(gateway.Output.Contains("The cluster is reached", StringComparison.Ordinal)));
        }
    }

    public async Task StartSiloAsync(int index)
    {
        var settings = Settings(index);
        _silos[index] = await ServiceProcess.StartWithAsync(Data($"silo{index}"), settings, "--role", "silo", "--venue-url", Venue.Url.ToString());
    }

    public async Task StartGatewayAsync(int index) =>
        _gateways[index] = await ServiceProcess.StartWithAsync(Data($"gateway{index}"), Settings(null), "--role", "gateway", "--venue-url", Venue.Url.ToString());

    /// <summary>kill -9 of a silo.</summary>
    public async Task KillSiloAsync(int index)
    {
        var silo = Silo(index);
        await silo.KillAsync();
        await ForgetSiloAsync(index);
    }

    /// <summary>kill -9 of a gateway.</summary>
    public async Task KillGatewayAsync(int index)
    {
        await Gateway(index).KillAsync();
        await Gateway(index).DisposeAsync();
        _gateways[index] = null;
    }

    /// <summary>SIGTERM of a silo; its exit code.</summary>
    public async Task<int> TerminateSiloAsync(int index)
    {
        var code = await Silo(index).TerminateAsync();
        await ForgetSiloAsync(index);
        return code;
    }

    /// <summary>Takes a silo that has ended, or ends it, out of the list of those that run.</summary>
    public async Task ForgetSiloAsync(int index)
    {
        await Silo(index).DisposeAsync();
        _silos[index] = null;
    }

    /// <summary>SIGSTOP: it hangs, with everything that it holds.</summary>
    public static void Hang(ServiceProcess process) => Signal(process, "STOP");

    /// <summary>SIGCONT.</summary>
    public static void GoOn(ServiceProcess process) => Signal(process, "CONT");

    /// <summary>The silo on which a target's coordinator is; it is woken there by a look at the target's last stops.</summary>
    public async Task<int> CoordinatorAsync(StopTarget target) => await View.CoordinatorPortAsync(target) is { } port
        ? SiloOf(port)
        : throw new InvalidOperationException($"The coordinator of {target} is on no silo.");

    /// <summary>An open connection to the ledger, for those who compare.</summary>
    public NpgsqlConnection OpenLedger()
    {
        var ledger = new NpgsqlConnection(Server.ConnectionString("postgres") + ";Search Path=emergency_stop;Pooling=false");
        ledger.Open();
        return ledger;
    }

    /// <summary>Settings of one process.</summary>
    /// <param name="silo">Which silo; <c>null</c> for what is none.</param>
    public Dictionary<string, string> Settings(int? silo)
    {
        var settings = new Dictionary<string, string>(_more, StringComparer.Ordinal)
        {
            ["Ledger"] = "PostgreSql",
            ["ConnectionStrings__Ledger"] = Server.ConnectionString("postgres"),
            ["Cluster__Membership"] = "AdoNet",
            ["Cluster__AdvertisedAddress"] = "127.0.0.1",
            ["Callbacks__Secret"] = Secret,
        };
        if (silo is { } index)
        {
            settings["Cluster__SiloPort"] = _ports[index].Silo.ToString(System.Globalization.CultureInfo.InvariantCulture);
            settings["Cluster__GatewayPort"] = _ports[index].Gateway.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return settings;
    }

    /// <summary>A data folder of its own, which stays over restarts.</summary>
    public string Data(string name) => Path.Combine(_folder.Path, name);

    public async ValueTask DisposeAsync()
    {
        if (_view is not null)
        {
            await _view.DisposeAsync();
        }

        foreach (var process in _gateways.Concat(_silos).OfType<ServiceProcess>())
        {
            await process.DisposeAsync();
        }

        if (_venue is not null)
        {
            await _venue.DisposeAsync();
        }

        Server.Dispose();
        _folder.Dispose();
    }

    /// <summary>A port that nobody listens on now, below those that the system gives to outgoing connections.</summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(15_000, 30_000);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }

    private ClusterOptions Options() => ClusterOptions.Of(
        new ConfigurationBuilder().AddInMemoryCollection(_more.Select(s => KeyValuePair.Create(s.Key.Replace("__", ":", StringComparison.Ordinal), (string?)s.Value))).Build());

    private static void Signal(ServiceProcess process, string signal)
    {
        using var kill = Process.Start("kill", $"-{signal} {process.Id}");
        kill.WaitForExit();
    }
}
