using EmergencyStop.Ids;
using EmergencyStop.Venues.Alpaca.Wire;

namespace EmergencyStop.Venues.Alpaca;

/// <summary>Asks a venue for an account, to tell a person whether it can be used.</summary>
internal static class AccountCheck
{
    /// <summary>Beyond this the clocks differ by more than any network takes.</summary>
    private static readonly TimeSpan MostClockDifference = TimeSpan.FromSeconds(5);

    public static async Task<(bool Good, string Sentence)> RunAsync(
        AlpacaCalls calls, AccountId account, AlpacaOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var reply = await calls.GetAsync(account, "/v2/account", CallKind.Reading, cancellationToken);
        if (!reply.IsGood)
        {
            return (false, WhyNot(reply, options));
        }

        if (!reply.TryRead(AlpacaJson.Default.AlpacaAccount, out var shown) || shown is not { AccountNumber: { } number })
        {
            return (false, $"{options.BaseUrl} answers, and not as a trading API does: the URL is wrong.");
        }

        if (shown.AccountBlocked == true || shown.TradingBlocked == true || shown.Status is not "ACTIVE")
        {
            return (false, $"The venue knows account {number} and blocks it: its status is {shown.Status ?? "not told"}.");
        }

        return await ClockAsync(calls, account, time, cancellationToken) is { } difference && difference.Duration() > MostClockDifference
            ? (false, $"Account {number} is active, and the venue's clock is {difference.TotalSeconds:F0} s off this machine's: set this machine's clock.")
            : (true, $"Account {number} is active, and its key is taken.");
    }

    private static async Task<TimeSpan?> ClockAsync(AlpacaCalls calls, AccountId account, TimeProvider time, CancellationToken cancellationToken)
    {
        var reply = await calls.GetAsync(account, "/v2/clock", CallKind.Reading, cancellationToken);
        return reply.IsGood && reply.TryRead(AlpacaJson.Default.AlpacaClock, out var clock) && clock?.Timestamp is { } at
            ? at - time.GetUtcNow()
            : null;
    }

    private static string WhyNot(AlpacaReply reply, AlpacaOptions options) => reply switch
    {
        { IsAnswer: false, Phase: VenuePhase.Connect } => $"{options.BaseUrl} cannot be reached: check the URL and the network.",
        { IsAnswer: false } => $"{options.BaseUrl} takes the call and does not answer in time.",
        { Status: 401 or 403 } => "The venue refuses the key: check key id and secret, and that they belong to this URL (paper and live keys differ).",
        { Status: 404 } => $"{options.BaseUrl} has no trading API at /v2: the URL is wrong.",
        { Status: 429 } => "The venue's rate limit is reached: try again in a minute.",
        { Status: >= 500 } => $"The venue answers that it cannot serve now ({reply.Status}): try again.",
        _ => $"The venue answers {reply.Status}: {reply.Error().Message}",
    };
}
