using EmergencyStop.Grains.Braking;
using EmergencyStop.Ledger;
using EmergencyStop.Orders;
using EmergencyStop.Venues.Sending;

namespace EmergencyStop.Grains.Orders;

/// <summary>The right to write one order. Taken once by the sender, or revoked once by a sweep; never both.</summary>
internal sealed class SendPermit : ISendPermit, IDisposable
{
    private const int Untouched = 0;
    private const int Taken = 1;
    private const int Revoked = 2;

    private readonly ILedger? _gate;
    private readonly BrakeLatches? _brake;
    private readonly OrderTerms _terms;
    private readonly TimeProvider _time;
    private readonly SendWindow _window;
    private readonly long _past;
    private int _state;
    private string? _revokedWhy;

    /// <summary>Starts the window. Make it before the admission.</summary>
    /// <param name="gate">Whose latest view refuses a late send; <c>null</c> for a stop's own closing orders.</param>
    /// <param name="terms">The order's terms.</param>
    /// <param name="time">Both clocks.</param>
    /// <param name="window">The send window.</param>
    /// <param name="brake">The stops that hold in memory only, and whether this process may send at all. The stops do not refuse where there is no <paramref name="gate"/>.</param>
    /// <param name="past">Latches of stops numbered up to this are passed; a later stop refuses still.</param>
    public SendPermit(ILedger? gate, OrderTerms terms, TimeProvider time, TimeSpan window, BrakeLatches? brake = null, long past = 0)
    {
        _brake = brake;
        (_gate, _terms, _time, _window, _past) = (gate, terms, time, new(time, window), past);
    }

    /// <inheritdoc/>
    public CancellationToken WindowEnd => _window.End;

    /// <summary>When the write began (UTC); <c>null</c> while it has not.</summary>
    public DateTimeOffset? TakenAt { get; private set; }

    /// <summary>When the window began (UTC).</summary>
    public DateTimeOffset StartedAt => _window.StartedAt;

    /// <summary>Whether the sender may have written something.</summary>
    public bool MayHaveWritten => Volatile.Read(ref _state) == Taken;

    /// <inheritdoc/>
    public bool TryTake(out string? why)
    {
        var now = _time.GetUtcNow();
        why = _window.WhyOver();
        why ??= _brake?.IsShut == true ? "this process may send no more" : null;
        why ??= _gate is not null && _brake?.Refusing(_terms) is { } held ? $"stop {held.Id} has closed {held.Target}" : null;
        why ??= _gate?.Gate.Refusing(_terms, _past) is { } latch ? $"stop {latch.Stop} has closed {latch.Target}" : null;
        why ??= _past == 0 && _gate?.Gate.Pausing(_terms) is { } pause ? $"stop {pause.Stop} has paused the strategy" : null;
        if (why is null && Interlocked.CompareExchange(ref _state, Taken, Untouched) != Untouched)
        {
            why = MayHaveWritten ? "it was written before" : _revokedWhy ?? "a stop has taken the order back";
        }

        if (why is null)
        {
            TakenAt = now;
        }

        return why is null;
    }

    /// <summary>Takes the right back.</summary>
    /// <param name="reason">Why, if it is not a stop that does it.</param>
    /// <returns>Whether the order was never written and never will be: the attestation of law 4.</returns>
    public bool TryRevoke(string? reason = null)
    {
        _revokedWhy ??= reason;
        return Interlocked.CompareExchange(ref _state, Revoked, Untouched) != Taken;
    }

    /// <inheritdoc/>
    public void Dispose() => _window.Dispose();
}
