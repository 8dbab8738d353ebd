using System.Collections.Immutable;
using EmergencyStop.Access;
using EmergencyStop.Ids;

namespace EmergencyStop.Ledger.Braking;

/// <summary>As of when the mirror was read.</summary>
/// <param name="AuditSequence">The audit's head.</param>
/// <param name="Traders">Pairs of strategy and user.</param>
public sealed record MirrorMark(long AuditSequence, long Traders);

/// <summary>What is to be mirrored, with its mark.</summary>
/// <param name="Mark">As of when.</param>
/// <param name="Contents">What.</param>
public sealed record MirrorReading(MirrorMark Mark, MirrorContents Contents);

/// <summary>As much of the ledger as a stop needs while the ledger cannot be read. No secrets: keys are hashes.</summary>
/// <param name="Keys">Every key, revoked ones included.</param>
/// <param name="Owners">Every strategy with its owner.</param>
/// <param name="Users">Every user that ever had an order, a position or a strategy, with the account where it is known.</param>
public sealed record MirrorContents(
    ImmutableArray<MirroredKey> Keys, ImmutableArray<MirroredOwner> Owners, ImmutableArray<MirroredUser> Users)
{
    /// <summary>Nothing is known.</summary>
    public static MirrorContents Empty { get; } = new([], [], []);
}

/// <summary>One API key.</summary>
/// <param name="Hash">SHA-256 of the key, lower-case hex.</param>
/// <param name="Caller">Whom it stands for.</param>
/// <param name="Revoked">Whether it was revoked.</param>
public sealed record MirroredKey(string Hash, Caller Caller, bool Revoked);

/// <summary>One strategy.</summary>
/// <param name="Strategy">The strategy.</param>
/// <param name="Owner">Whose it is.</param>
public sealed record MirroredOwner(StrategyId Strategy, UserId Owner);

/// <summary>One user.</summary>
/// <param name="User">The user.</param>
/// <param name="Account">The account; <c>null</c> while nobody has said which.</param>
public sealed record MirroredUser(UserId User, AccountId? Account);
