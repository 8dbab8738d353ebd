namespace EmergencyStop.Api.Status;

/// <summary>Which host runs the grains; registered by the host, shown in <c>/status</c>.</summary>
/// <param name="Name"><c>solo</c> or <c>orleans</c>.</param>
public sealed record ServiceHost(string Name);
