using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Releasing;

/// <summary>The degrees of a release: debts by name, waivers, narrowing, carve-outs and escalation.</summary>
/// <remarks>Each change takes the gate lock, draws a number where it changes what the gate lets in or what is owed, and is audited, in one transaction. Authority is checked by the caller of these methods.</remarks>
public interface IReleaseLedger
{
    /// <summary>A page of unmet debts, by stop, kind and item; owed orders that have not been tried yet are among them.</summary>
    /// <param name="query">Which.</param>
    /// <param name="account">The account of the query's user: what is owed on an account is owed in that user's book.</param>
    /// <param name="at">The time (UTC).</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    /// <returns>The debts; the user of those on an account is left to the caller, who knows whose account it is.</returns>
    Task<Page<Obligation>> ObligationsAsync(ObligationQuery query, AccountId? account, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Gives one debt up. The stop is completed in the same transaction when that was its last one.</summary>
    Task<WaiveAnswer> WaiveAsync(WaiveRequest request, CancellationToken cancellationToken);

    /// <summary>Releases the stop if nothing is owed; otherwise narrows it to those who owe, where the target has such parts.</summary>
    /// <param name="request">Who asks, and why.</param>
    /// <param name="users">Whose the accounts are on which something is owed; one that is not here cannot be attributed, and refuses the narrowing.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    Task<ReleaseAnswer> NarrowAsync(ReleaseRequest request, ImmutableDictionary<AccountId, UserId> users, CancellationToken cancellationToken);

    /// <summary>Lets a part of the stop's target trade again. Refused while the stop works, and while something owed may be in the part.</summary>
    /// <param name="request">Who asks, and why.</param>
    /// <param name="users">Whose the accounts are on which something is owed; one that is not here may be anybody's.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    Task<ExceptAnswer> ExceptAsync(ExceptRequest request, ImmutableDictionary<AccountId, UserId> users, CancellationToken cancellationToken);

    /// <summary>Closes the gate on the part again: the stop owes every order of it numbered before, and works anew.</summary>
    /// <remarks>At the head of the queue, like an engage.</remarks>
    Task<ExceptAnswer> PutBackAsync(ExceptRequest request, CancellationToken cancellationToken);

    /// <summary>Makes a standing stop close positions too; it works anew.</summary>
    Task<EscalateAnswer> EscalateAsync(EscalateRequest request, CancellationToken cancellationToken);

    /// <summary>Ends a pass of a stop's flow: as <see cref="Stopping.IStopLedger.ProgressAsync"/>, with when the next one is due.</summary>
    /// <param name="read">The stop as the pass read it. If it was set to work anew since, the pass proves nothing and the stop goes on working.</param>
    /// <param name="end">What the pass came to.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    /// <returns>The stop after it.</returns>
    Task<Stop> EndPassAsync(Stop read, PassEnd end, CancellationToken cancellationToken);
}

/// <summary>What one pass of a stop's flow came to.</summary>
/// <param name="State">The state asked for.</param>
/// <param name="Clocks">The clocks.</param>
/// <param name="Unprotected">Positions left without their protective order.</param>
/// <param name="At">When it ended (UTC).</param>
/// <param name="NextTry">When the next pass is due (UTC); none once completed.</param>
public sealed record PassEnd(
    StopState State, StopClocks Clocks, ImmutableArray<string> Unprotected, DateTimeOffset At, DateTimeOffset? NextTry);
