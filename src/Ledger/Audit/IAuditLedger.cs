using System.Collections.Immutable;

namespace EmergencyStop.Ledger.Audit;

/// <summary>The audit: a hash chain, appended in the same commits as what it tells of.</summary>
public interface IAuditLedger
{
    /// <summary>Appends one entry of its own, for what changes no other row: refused attempts and the like.</summary>
    Task AppendAuditAsync(AuditEntry entry, CancellationToken cancellationToken);

    /// <summary>Entries from after <paramref name="after"/>, oldest first.</summary>
    Task<ImmutableArray<ChainedAuditEntry>> AuditAsync(long after, int limit, CancellationToken cancellationToken);

    /// <summary>Checks every entry against the one before, and the last against the ledger's head.</summary>
    Task<AuditVerdict> VerifyAuditAsync(CancellationToken cancellationToken);
}

/// <summary>One thing that was done.</summary>
/// <param name="At">When (UTC).</param>
/// <param name="Actor">Who: a user id, a key's name, or <c>service</c>.</param>
/// <param name="Action">What, as a dotted word: <c>stop.engaged</c>.</param>
/// <param name="Subject">To what: a stop id, a strategy id, a key id.</param>
/// <param name="Details">The rest, as JSON; no secrets.</param>
public sealed record AuditEntry(DateTimeOffset At, string Actor, string Action, string Subject, string Details);

/// <summary>An entry with its place in the chain.</summary>
/// <param name="Sequence">From 1, without gaps.</param>
/// <param name="Entry">The entry.</param>
/// <param name="PreviousHash">Hash of the entry before, lower-case hex; 64 zeros for the first.</param>
/// <param name="Hash">SHA-256 over this entry and the previous hash, lower-case hex.</param>
public sealed record ChainedAuditEntry(long Sequence, AuditEntry Entry, string PreviousHash, string Hash);

/// <summary>Whether the chain holds.</summary>
/// <param name="Entries">How many entries were read.</param>
/// <param name="FirstBroken">Sequence of the first entry that does not fit; <c>null</c> when all do.</param>
/// <param name="Why">What does not fit.</param>
public sealed record AuditVerdict(long Entries, long? FirstBroken, string? Why);
