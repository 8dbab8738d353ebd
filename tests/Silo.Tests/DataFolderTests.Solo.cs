namespace EmergencyStop.Silo.Tests;

/// <summary>Only the Solo host keeps its grain state in the data folder.</summary>
public sealed partial class DataFolderTests
{
    [Fact]
    public Task BadGrainState_IsRefused_AndLeftAsItIs() =>
        ABadFile_IsRefused_AndLeftAsItIs("bad grain state", "grains.db in the data folder cannot be used");
}
