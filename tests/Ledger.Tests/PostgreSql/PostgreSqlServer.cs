using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace EmergencyStop.Ledger.Tests.PostgreSql;

/// <summary>A PostgreSQL server of the tests' own: a cluster in a temporary folder, on a loopback port, deleted at the end.</summary>
public sealed class PostgreSqlServer : IDisposable
{
    private const string Required = "EMERGENCY_STOP_REQUIRE_SERVERS";
    private const string InMemory = "/dev/shm";
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private static readonly Lazy<Task<PostgreSqlServer>> Shared = new(() => Task.Run(Start));

    private readonly string _folder;
    private readonly string _programs;
    private bool _disposed;

    private readonly Process _janitor;

    private PostgreSqlServer(string programs, string folder, int port)
    {
        (_programs, _folder, Port) = (programs, folder, port);
        _janitor = Janitor(folder);
    }

    public int Port { get; }

    /// <summary>The cluster's files.</summary>
    public string Data => Path.Combine(_folder, "data");

    /// <summary>The server of this run; skips the test where there is none, unless one is required.</summary>
    public static async Task<PostgreSqlServer> SharedAsync()
    {
        SkipWithoutPrograms();
        return await Shared.Value;
    }

    /// <summary>A server that the test may kill; skips it where there is none, unless one is required.</summary>
    public static PostgreSqlServer StartOwn()
    {
        SkipWithoutPrograms();
        return Start();
    }

    public string ConnectionString(string database, string user = "postgres") =>
        $"Host=127.0.0.1;Port={Port};Database={database};Username={user}";

    public int Execute(string database, string sql)
    {
        using var connection = new NpgsqlConnection(ConnectionString(database) + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = (int)Bound.TotalSeconds };
        return command.ExecuteNonQuery();
    }

    public T Ask<T>(string database, string sql)
    {
        using var connection = new NpgsqlConnection(ConnectionString(database) + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return (T)command.ExecuteScalar()!; // The question has an answer.
    }

    /// <summary>Kills it as a crash of its machine would, apart from the disk.</summary>
    public void Kill()
    {
        var head = Path.Combine(Data, "postmaster.pid");
        using var server = Process.GetProcessById(int.Parse(File.ReadLines(head).First(), CultureInfo.InvariantCulture));
        server.Kill();
        server.WaitForExit(Bound);
        File.Delete(head); // Its children end by themselves once they notice.
    }

    /// <summary>Starts it on its cluster.</summary>
    public void Restart() => RestartAs(Data);

    /// <summary>Starts it on a copy of its cluster.</summary>
    public void RestartAs(string data) => Retry(() => Run("pg_ctl", "start", "-D", data, "-w", "-t", "60", "-l", Path.Combine(_folder, "log"), "-o",
        $"-p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=400 -c shared_buffers=32MB -c max_wal_size=256MB -c min_wal_size=80MB"));

    /// <summary>Copies a cluster's files, which must be at rest.</summary>
    public void Copy(string from, string to) => Execute("cp", ["-a", from, to], _folder);

    /// <summary>Ends it in order.</summary>
    public void Stop() => Run("pg_ctl", "stop", "-D", Data, "-m", "fast", "-w");

    /// <summary>Runs one of the server's programs as the user that it belongs to.</summary>
    public string Run(string program, params string[] arguments) => Run(_programs, _folder, program, arguments);

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _janitor.StandardInput.Close();
        _janitor.WaitForExit(Bound);
        _janitor.Dispose();
    }

    /// <summary>Ends the server and deletes its folder once this process has let go of it, however it ended itself.</summary>
    private static Process Janitor(string folder)
    {
        var script = $"read ignored; for pid in '{folder}'/*/postmaster.pid; do kill -QUIT $(head -n 1 $pid) 2>/dev/null; "
            + $"for i in 1 2 3 4 5 6 7 8 9 10; do [ -e $pid ] || break; sleep 0.2; done; done; rm -rf '{folder}'";
        return Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardInput = true, UseShellExecute = false })
            ?? throw new InvalidOperationException("/bin/sh did not start.");
    }

    private static void SkipWithoutPrograms()
    {
        if (Programs() is null)
        {
            const string why = "PostgreSQL's server programs are not installed (apt-get install postgresql).";
            Assert.False(Environment.GetEnvironmentVariable(Required) == "1", $"{why} ({Required} is 1)");
            Skip.If(true, why);
        }
    }

    private static PostgreSqlServer Start()
    {
        var programs = Programs()!; // Asked for before.
        var parent = Directory.Exists(InMemory) ? InMemory : Path.GetTempPath();
        var folder = Directory.CreateDirectory(Path.Combine(parent, $"ledger-server-{Path.GetRandomFileName()}")).FullName;
        if (IsRoot)
        {
            Execute("chown", [User, folder], folder);
        }

        var server = new PostgreSqlServer(programs, folder, FreePort());
        server.Run("initdb", "-D", server.Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions");
        File.WriteAllText(Path.Combine(server.Data, "pg_hba.conf"), "host all locked 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\nhost replication all 127.0.0.1/32 trust\n");
        server.Restart();
        return server;
    }

    private static bool IsRoot => Environment.UserName == "root";

    /// <summary>The server refuses to run as root.</summary>
    private static string User => File.ReadLines("/etc/passwd").Any(l => l.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";

    private static string? Programs() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin")).Where(d => File.Exists(Path.Combine(d, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault()
        : null;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The children of a killed server may hold its memory for a moment.</summary>
    private static void Retry(Action start)
    {
        const int mostTries = 20;
        for (var tries = 1; ; tries++)
        {
            try
            {
                start();
                return;
            }
            catch (InvalidOperationException) when (tries < mostTries)
            {
                Thread.Sleep(250);
            }
        }
    }

    private static string Run(string programs, string folder, string program, string[] arguments)
    {
        var path = Path.Combine(programs, program);
        return IsRoot
            ? Execute("setpriv", [$"--reuid={User}", "--regid=" + Group, "--clear-groups", path, .. arguments], folder)
            : Execute(path, arguments, folder);
    }

    private static string Group => User == "postgres" ? "postgres" : "nogroup";

    /// <summary>What it says goes to a file: a server that it leaves behind would hold a pipe open.</summary>
    private static string Execute(string program, string[] arguments, string folder)
    {
        var said = Path.Combine(folder, $"said-{Path.GetRandomFileName()}");
        var line = string.Join(' ', arguments.Prepend(program).Select(a => $"'{a.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"cd / && {line} >'{said}' 2>&1 </dev/null"]) { UseShellExecute = false })
            ?? throw new InvalidOperationException($"{program} did not start.");
        if (!process.WaitForExit(Bound))
        {
            process.Kill(entireProcessTree: true);
        }

        var text = File.Exists(said) ? File.ReadAllText(said) : string.Empty;
        File.Delete(said);
        return process.ExitCode == 0 ? text : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {text}");
    }
}
