using EmergencyStop.Access;
using EmergencyStop.Stopping;

namespace EmergencyStop.Api.Console.Pages;

/// <summary>The question before a stop.</summary>
/// <param name="Caller">Who is about to press.</param>
/// <param name="Target">What would be stopped.</param>
/// <param name="Options">How.</param>
/// <param name="Preview">What it would touch, or why that cannot be said. It never stands in the way.</param>
/// <param name="Press">This question's own name: pressed twice it is one stop.</param>
/// <param name="Reason">What was written as the reason.</param>
/// <param name="Error">What was wrong with the last press.</param>
public sealed record ConfirmModel(Caller Caller, StopTarget Target, StopOptions Options, Reading<StopPreview> Preview, string Press, string Reason, string? Error);
