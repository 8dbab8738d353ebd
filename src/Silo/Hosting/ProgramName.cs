namespace EmergencyStop.Silo.Hosting;

/// <summary>How this program is started once more, for another terminal: as this one was.</summary>
internal static class ProgramName
{
    /// <summary>This process's own.</summary>
    public static string Now { get; } = Of(Environment.ProcessPath, Environment.GetCommandLineArgs()[0]);

    /// <summary>That of a process. Pure.</summary>
    /// <param name="process">The file that runs; <c>null</c> when the system does not tell.</param>
    /// <param name="assembly">The program's own file.</param>
    public static string Of(string? process, string assembly) =>
        process is null || Path.GetFileNameWithoutExtension(process).Equals("dotnet", StringComparison.Ordinal) ? $"dotnet {Quoted(assembly)}" : Quoted(process);

    private static string Quoted(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path;
}
