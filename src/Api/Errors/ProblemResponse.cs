namespace EmergencyStop.Api.Errors;

/// <summary>An answer that says no: RFC 9457 problem details. Some codes have further members, such as <c>errors</c>, <c>stop_id</c> or <c>outstanding</c>.</summary>
/// <param name="Type">A URN of the code.</param>
/// <param name="Title">What kind of problem it is, for people.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Detail">What happened here and what to do.</param>
/// <param name="Code">For programs; never changes: <c>validation_failed</c>, <c>gate_closed</c>, <c>strategy_paused</c>, …</param>
/// <param name="TraceId">Under this id the service's log has more.</param>
public sealed record ProblemResponse(string Type, string Title, int Status, string Detail, string Code, string TraceId);
