using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EmergencyStop.Venues.Alpaca.Wire;

namespace EmergencyStop.Venues.Alpaca;

/// <summary>What came of one call: an answer of whatever status, or how far it came without one.</summary>
/// <param name="Status">The HTTP status; 0 without an answer.</param>
/// <param name="Body">The answer's body.</param>
/// <param name="Phase">Without an answer: how far it came.</param>
/// <param name="Reason">Without an answer: why, in words.</param>
/// <param name="RetryAfter">With a 429: how long the venue wants to be left alone.</param>
/// <param name="GivenUp">Whether the whole time for the call is over, so that no attempt follows.</param>
/// <param name="Closed">Without an answer: whether the venue closed or reset the connection, which is not silence.</param>
internal sealed record AlpacaReply(
    int Status, byte[] Body, VenuePhase Phase, string Reason, TimeSpan? RetryAfter = null, bool GivenUp = false, bool Closed = false)
{
    /// <summary>Longest text of the venue's that is passed on.</summary>
    private const int LongestMessage = 300;

    public bool IsAnswer => Status != 0;

    public bool IsGood => Status is >= 200 and < 300;

    public bool IsTransient => !GivenUp && (!IsAnswer || Status is 408 or 429 || Status >= 500);

    /// <summary>Whether the venue cannot have acted on it: it was not written, or was refused unread.</summary>
    public bool HadNoEffect => (!IsAnswer && Phase is VenuePhase.Connect or VenuePhase.RateLimit) || Status == 429;

    public static AlpacaReply Failed(VenuePhase phase, string reason, bool givenUp = false, bool closed = false) =>
        new(0, [], phase, reason, GivenUp: givenUp, Closed: closed);

    /// <summary>Where it failed, for an outcome: an answer other than the one hoped for counts too.</summary>
    public (VenuePhase Phase, string Reason) Failure()
    {
        if (!IsAnswer)
        {
            return (Phase, Reason);
        }

        var (_, message) = Error();
        return (Status == 429 || Status >= 500 ? VenuePhase.Unavailable : VenuePhase.Answer, $"{Status}: {message}");
    }

    /// <summary>The venue's code and words; the status where the body says nothing.</summary>
    public (string Code, string Message) Error()
    {
        var error = TryRead(AlpacaJson.Default.AlpacaError, out var read) ? read : null;
        var code = error is null or { Code: 0 } ? Status : error.Code;
        var message = string.IsNullOrWhiteSpace(error?.Message) ? $"the venue answered {Status}" : error.Message;
        return ($"{code}", message.Length > LongestMessage ? message[..LongestMessage] : message);
    }

    public bool TryRead<T>(JsonTypeInfo<T> type, out T? value)
    {
        try
        {
            value = JsonSerializer.Deserialize(Body, type);
            return value is not null;
        }
        catch (JsonException)
        {
            value = default; // The caller says that the answer cannot be read.
            return false;
        }
    }
}
