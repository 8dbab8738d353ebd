using System.Collections.Immutable;
using System.Text.Json;
using EmergencyStop.Ids;
using EmergencyStop.Venues.Simulated;

namespace EmergencyStop.Venues.Simulator;

/// <summary>Faults as <c>/simulator/faults</c> shows and takes them.</summary>
internal static class FaultsJson
{
    private const double LongestLatencyMs = 600_000;
    private const double LongestLateAckMs = 86_400_000;
    private const int HighestRate = 1_000_000;

    public static Dictionary<string, object> Show(FaultSettings faults) => new(StringComparer.Ordinal)
    {
        ["latency_ms"] = faults.Latency.TotalMilliseconds,
        ["latency_jitter_ms"] = faults.LatencyJitter.TotalMilliseconds,
        ["lose_answers"] = faults.LoseAnswers,
        ["reject"] = faults.Reject,
        ["rate_limit_per_second"] = faults.RateLimitPerSecond,
        ["late_ack_ms"] = faults.LateAcknowledgement.TotalMilliseconds,
        ["down"] = faults.Down,
        ["down_accounts"] = faults.DownAccounts.Select(a => a.Value).Order(StringComparer.Ordinal).ToArray(),
        ["silent"] = faults.Silent,
        ["fill_on_cancel"] = faults.FillOnCancel,
        ["mass_cancel_leaves"] = faults.MassCancelLeaves?.ToWire() ?? string.Empty,
        ["only_account"] = faults.OnlyAccount?.Value ?? string.Empty,
    };

    /// <summary>Applies the fields that are named; all of them or, where one is wrong, none.</summary>
    public static (FaultSettings? Faults, string? Field, string? Why) Apply(FaultSettings faults, JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            return (null, "body", "must be a JSON object");
        }

        foreach (var field in body.EnumerateObject())
        {
            var (changed, why) = ApplyOne(faults, field.Name, field.Value);
            if (changed is null)
            {
                return (null, field.Name, why);
            }

            faults = changed;
        }

        return (faults, null, null);
    }

    private static (FaultSettings? Faults, string? Why) ApplyOne(FaultSettings faults, string name, JsonElement value) => name switch
    {
        "latency_ms" => Number(value, LongestLatencyMs, ms => faults with { Latency = TimeSpan.FromMilliseconds(ms) }),
        "latency_jitter_ms" => Number(value, LongestLatencyMs, ms => faults with { LatencyJitter = TimeSpan.FromMilliseconds(ms) }),
        "late_ack_ms" => Number(value, LongestLateAckMs, ms => faults with { LateAcknowledgement = TimeSpan.FromMilliseconds(ms) }),
        "lose_answers" => Number(value, 1, share => faults with { LoseAnswers = share }),
        "reject" => Number(value, 1, share => faults with { Reject = share }),
        "rate_limit_per_second" when value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var rate) && rate is >= 0 and <= HighestRate =>
            (faults with { RateLimitPerSecond = rate }, null),
        "rate_limit_per_second" => (null, $"must be a whole number from 0 (no limit) to {HighestRate}"),
        "down" when value.ValueKind is JsonValueKind.True or JsonValueKind.False => (faults with { Down = value.GetBoolean() }, null),
        "down" => (null, "must be true or false"),
        "down_accounts" => Accounts(value) is { } accounts ? (faults with { DownAccounts = accounts }, null) : (null, "must be a list of account names"),
        "silent" when value.ValueKind is JsonValueKind.True or JsonValueKind.False => (faults with { Silent = value.GetBoolean() }, null),
        "silent" => (null, "must be true or false"),
        "fill_on_cancel" => Number(value, 1, share => faults with { FillOnCancel = share }),
        "mass_cancel_leaves" when Text(value) is "" => (faults with { MassCancelLeaves = null }, null),
        "mass_cancel_leaves" when WireWords.ReadType(Text(value)) is { } type => (faults with { MassCancelLeaves = type }, null),
        "mass_cancel_leaves" => (null, "must be a class of orders, as stop, or empty"),
        "only_account" when Text(value) is "" => (faults with { OnlyAccount = null }, null),
        "only_account" when AccountId.TryParse(Text(value), out var account, out _) => (faults with { OnlyAccount = account }, null),
        "only_account" => (null, "must be an account, or empty"),
        _ => (null, "is no fault; there are latency_ms, latency_jitter_ms, lose_answers, reject, rate_limit_per_second, late_ack_ms, down, down_accounts, silent, "
            + "fill_on_cancel, mass_cancel_leaves and only_account"),
    };

    private static ImmutableHashSet<AccountId>? Accounts(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var accounts = ImmutableHashSet.CreateBuilder<AccountId>();
        foreach (var name in value.EnumerateArray())
        {
            if (name.ValueKind != JsonValueKind.String || !AccountId.TryParse(name.GetString(), out var account, out _))
            {
                return null;
            }

            accounts.Add(account);
        }

        return accounts.ToImmutable();
    }

    private static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static (FaultSettings? Faults, string? Why) Number(JsonElement value, double most, Func<double, FaultSettings> apply) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= 0 && number <= most
            ? (apply(number), null)
            : (null, FormattableString.Invariant($"must be a number from 0 to {most}"));
}
