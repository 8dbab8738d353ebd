namespace EmergencyStop.Api;

/// <summary>Paths that several parts name.</summary>
internal static class ApiPaths
{
    /// <summary>What every call begins with.</summary>
    public const string Base = "/api/trading-engine";

    /// <summary>The stops.</summary>
    public const string Stops = Base + "/emergency-stop/stops";
}
