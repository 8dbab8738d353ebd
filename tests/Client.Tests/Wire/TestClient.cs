namespace EmergencyStop.Client.Tests.Wire;

/// <summary>A client of a scripted service, quick to try again unless a clock is given.</summary>
internal static class TestClient
{
    public const string Key = "esk_test";

    public static EmergencyStopClient Of(ScriptedService service, TimeProvider? time = null, int retries = 3) => new(
        new()
        {
            ApiKey = Key,
            MaxRetries = retries,
            RetryDelay = TimeSpan.FromMilliseconds(time is null ? 1 : 200),
            MaxRetryDelay = time is null ? TimeSpan.FromMilliseconds(2) : TimeSpan.FromSeconds(5),
            Time = time ?? TimeProvider.System,
        },
        new HttpClient(service));
}
