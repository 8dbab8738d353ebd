using EmergencyStop.Client;

namespace EmergencyStop.Silo.CommandLine;

/// <summary>What the commands against a running service tell a script. Pure.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int Other = 1;
    public const int Outstanding = 3;
    public const int Working = 4;
    public const int Refused = 5;
    public const int Unreachable = 6;

    /// <summary>The same for people; part of each command's help.</summary>
    public const string Explained =
        "Exit codes: 0 done, 3 outstanding (something is unmet and tried again until met), 4 still working, "
        + "5 refused (401, 403, 409, 423), 6 the service does not answer, or only that it cannot now (502, 503, 504), 1 anything else.";

    /// <summary>The code for a stop's state.</summary>
    public static int Of(StopState state) => state switch
    {
        StopState.Completed => Ok,
        StopState.Outstanding => Outstanding,
        StopState.Working => Working,
        _ => Other,
    };

    /// <summary>The code for a call without its answer.</summary>
    public static int Of(EmergencyStopProblem problem) => problem switch
    {
        { Code: EmergencyStopProblem.Unreachable } => Unreachable,
        { Status: StatusCodes.Status502BadGateway or StatusCodes.Status503ServiceUnavailable or StatusCodes.Status504GatewayTimeout } => Unreachable,
        { Status: StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden or StatusCodes.Status409Conflict or StatusCodes.Status423Locked } => Refused,
        _ => Other,
    };
}
