using System.Diagnostics;

namespace EmergencyStop.Ledger.Tests.PostgreSql;

/// <summary>Another process (psql) in the middle of a transaction; it can be stopped where it stands.</summary>
public sealed class FrozenProcess : IDisposable
{
    private readonly Process _process;

    public FrozenProcess(string connectionString, string statements)
    {
        var at = new Npgsql.NpgsqlConnectionStringBuilder(connectionString);
        _process = Process.Start(new ProcessStartInfo("psql", ["-X", "-q", "-At", "-h", at.Host!, "-p", $"{at.Port}", "-U", at.Username!, "-d", at.Database!])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false,
        }) ?? throw new InvalidOperationException("psql did not start.");
        _process.StandardInput.WriteLine($"SET search_path = emergency_stop; {statements} \\echo there");
        _process.StandardInput.Flush();
    }

    /// <summary>Done once it has done its statements.</summary>
    public async Task ReachedAsync()
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (await _process.StandardOutput.ReadLineAsync(bound.Token) is { } line)
        {
            if (line == "there")
            {
                return;
            }
        }

        throw new InvalidOperationException("psql ended before it was there.");
    }

    /// <summary>SIGSTOP.</summary>
    public void Freeze()
    {
        using var kill = Process.Start("kill", $"-STOP {_process.Id}");
        kill.WaitForExit();
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
