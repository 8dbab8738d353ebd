using EmergencyStop.Access;

namespace EmergencyStop.Api.Console.Pages;

/// <summary>A refusal or a failure, for people.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Title">What kind it is.</param>
/// <param name="Detail">What happened here and what to do.</param>
/// <param name="TraceId">Under this id the service's log has more.</param>
/// <param name="Caller">Who is signed in, if that is known.</param>
public sealed record ProblemModel(int Status, string Title, string Detail, string TraceId, Caller? Caller);
