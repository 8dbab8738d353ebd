using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Venues;
using Orleans.Solo.Simulation;

namespace EmergencyStop.Simulation.Tests.Venues;

/// <summary>One process's adapter to the model venue.</summary>
/// <remarks>
/// A call waits for the rate limit, connects, writes, is carried out by the venue whether or not the process lives on, and
/// is answered in the process: never once it is dead, late while it is frozen.
/// </remarks>
public sealed partial class VenueLink : IVenue
{
    private readonly Dictionary<AccountId, LinkAccount> _accounts = [];
    private readonly DateTimeOffset _since;

    public VenueLink(ModelVenue venue, SimulatedProcess process, VenueFaults faults)
    {
        ArgumentNullException.ThrowIfNull(venue);
        ArgumentNullException.ThrowIfNull(process);
        (Venue, Process, Faults) = (venue, process, faults);
        _since = process.Time.GetUtcNow();
        var settings = venue.Settings;
        Description = new(
            "model",
            [OrderType.Market, OrderType.Limit, OrderType.Stop, OrderType.StopLimit, OrderType.TrailingStop],
            settings.MassCancel,
            settings.VisibilityBound,
            settings.PushesUpdates,
            settings.OrdersDieWithSession,
            settings.AcceptsReduceOnly);
        venue.Register(this);
    }

    /// <summary>The venue.</summary>
    public ModelVenue Venue { get; }

    /// <summary>The process whose link it is.</summary>
    public SimulatedProcess Process { get; }

    /// <summary>What goes wrong on its way.</summary>
    public VenueFaults Faults { get; }

    /// <summary>Told when a mass cancel sets out: its debt is recorded, and nothing of it is written yet.</summary>
    public Action? MassCancelling { get; init; }

    /// <summary>The bug planted in it.</summary>
    public VenueBug Bug { get; init; }

    /// <summary>
    /// The end of an order's send window by the world's clock, where somebody knows it. While the process lives, the permit
    /// resets an unfinished write at the window's end; a dead or frozen one resets nothing, and then this bounds it.
    /// Without it, what such a process has written arrives within <see cref="LongestUnwatched"/> or never.
    /// </summary>
    public Func<OrderId, TimeSpan?>? WindowEndOf { get; init; }

    /// <summary>The longest that a write of a dead or frozen process is on its way where its window's end is not known.</summary>
    public static TimeSpan LongestUnwatched { get; } = TimeSpan.FromMilliseconds(2);

    /// <inheritdoc/>
    public VenueDescription Description { get; }

    /// <inheritdoc/>
    public VenueHealth Health => Venue.Faults.DownUntil(default) > Venue.World.Now
        ? new("down", _since, CallFailure.Unreachable.Reason)
        : new("up", _since, LastError: null, Process.Time.GetUtcNow());

    private LinkAccount Of(AccountId id)
    {
        if (!_accounts.TryGetValue(id, out var account))
        {
            _accounts[id] = account = new(this, id);
        }

        return account;
    }

    private ValueTask<T> CallAsync<T>(
        AccountId account, Func<T> apply, Func<CallFailure, T> bad, CancellationToken cancellationToken, Action<TimeSpan>? heard = null)
    {
        var call = new VenueCall<T>(Of(account), apply, bad, heard);
        call.Begin();
        return new(cancellationToken.CanBeCanceled ? WaitAsync(call, cancellationToken) : call.Task);
    }

    private static async Task<T> WaitAsync<T>(VenueCall<T> call, CancellationToken cancellationToken)
    {
        using var given = cancellationToken.UnsafeRegister(static call => ((VenueCall<T>)call!).GiveUp(), call); // the state is handed over beside it
        return await call.Task;
    }
}
