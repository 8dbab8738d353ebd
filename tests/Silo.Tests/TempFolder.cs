namespace EmergencyStop.Silo.Tests;

/// <summary>A data folder that goes with the test.</summary>
public sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("emergency-stop-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
