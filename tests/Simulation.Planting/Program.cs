using EmergencyStop.Simulation.Tests.Planted;

// Plants the bugs into copies of the sources: Simulation.Planting SOURCES COPIES. A bug that does not apply fails the build.
if (args is not [var sources, var copies])
{
    Console.Error.WriteLine("usage: Simulation.Planting SOURCES COPIES");
    return 2;
}

try
{
    Planting.Write(copies, Planting.Plant(Planting.Read(sources), PlantedBugs.All));
    return 0;
}
catch (InvalidOperationException e)
{
    Console.WriteLine($"tests/Simulation.Tests/Planted : error PLANT1: {e.Message.ReplaceLineEndings(" ")}");
    return 1;
}
