using System.Collections.Immutable;
using EmergencyStop.Stopping;
using EmergencyStop.Venues;
using EmergencyStop.Venues.Accounts;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Grains.Watching;

/// <summary>Says what a stop cannot guarantee in accounts where other programs place orders.</summary>
public sealed class StopWarnings(IAccountMap accounts, IVenue venue, IOptions<WatchingOptions> watching) : IStopWarnings
{
    private const int MostNamed = 10;

    /// <inheritdoc/>
    public ImmutableArray<string> Of(StopTarget target, StopOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var watched = accounts.Known.Where(a => a.Mode == AccountMode.Watch && (target.User is null || a.User == target.User)).ToArray();
        if (watched.Length == 0 || !options.CancelOrders)
        {
            return [];
        }

        var names = string.Join(", ", watched.Take(MostNamed).Select(a => a.Account)) + (watched.Length > MostNamed ? ", …" : string.Empty);
        var every = venue.Description.PushesUpdates ? "as soon as the venue shows it" : $"within {watching.Value.WatchEvery.TotalSeconds:0.###} s";
        var lines = ImmutableArray.CreateBuilder<string>();
        lines.Add(options.CancelOnly
            ? $"Other programs place the orders of {names}: what is there now is cancelled, what they place next is not."
            : $"Other programs place the orders of {names}, past the gate: what they place while the stop holds is cancelled {every}, and may trade before.");
        if (target.Strategy is { } strategy)
        {
            lines.Add($"There an order is known as one of {strategy} by the beginning of its client order id only ({strategy}-, or a configured prefix); others are left alone.");
        }

        if (options.ClosePositions)
        {
            lines.Add(target.Strategy is null
                ? $"An order in {names} that trades before anybody sees it leaves a position that the stop does not know of once it is completed."
                : $"What {target.Strategy} holds in {names} by orders of other programs is not known, and is not closed.");
        }

        return lines.ToImmutable();
    }
}
