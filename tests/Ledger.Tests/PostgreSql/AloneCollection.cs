namespace EmergencyStop.Ledger.Tests.PostgreSql;

/// <summary>Tests that hold a bound in time run when no other test of this project does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
