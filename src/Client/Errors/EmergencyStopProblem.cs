using System.Net;

namespace EmergencyStop.Client;

/// <summary>Why a call has not come to its answer.</summary>
/// <param name="Code">For programs; never changes: <c>validation_failed</c>, <c>forbidden</c>, <c>gate_closed</c>, …, or one of the client's own below.</param>
/// <param name="Status">HTTP status; 0 when there was no answer.</param>
/// <param name="Title">What kind of problem it is, for people.</param>
/// <param name="Detail">What happened here and what to do.</param>
public sealed record EmergencyStopProblem(string Code, int Status, string Title, string Detail)
{
    /// <summary>Nobody answered, or not in time. What was asked may or may not have been done.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>An answer that is none of the service's: a proxy's, or one of a version that this client cannot read.</summary>
    public const string UnexpectedAnswer = "unexpected_answer";

    /// <summary>The field that is wrong, for <c>validation_failed</c>.</summary>
    public string? Field { get; init; }

    /// <summary>The stop that it is about: the one that holds the gate, or that cannot be released.</summary>
    public string? StopId { get; init; }

    /// <summary>Whether the same call may succeed later: the client has retried these.</summary>
    public bool MayPass => Code is Unreachable or "request_in_progress" || Status is
        (int)HttpStatusCode.RequestTimeout or
        (int)HttpStatusCode.TooManyRequests or
        (int)HttpStatusCode.InternalServerError or
        (int)HttpStatusCode.BadGateway or
        (int)HttpStatusCode.ServiceUnavailable or
        (int)HttpStatusCode.GatewayTimeout;
}
