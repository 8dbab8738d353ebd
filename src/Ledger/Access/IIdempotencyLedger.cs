namespace EmergencyStop.Ledger.Access;

/// <summary>Answers that were given under an idempotency key, other than stops (whose row holds its key).</summary>
public interface IIdempotencyLedger
{
    /// <summary>The answer given to this caller under this key, or <c>null</c>.</summary>
    ValueTask<RememberedAnswer?> FindAnswerAsync(string keyId, string idempotencyKey, CancellationToken cancellationToken);

    /// <summary>Remembers an answer; the first one stays.</summary>
    Task RememberAnswerAsync(string keyId, string idempotencyKey, RememberedAnswer answer, DateTimeOffset at, CancellationToken cancellationToken);
}

/// <summary>An answer to give again.</summary>
/// <param name="BodyHash">Hash of route and body.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="ContentType">Its content type.</param>
/// <param name="Body">Its body.</param>
public sealed record RememberedAnswer(string BodyHash, int Status, string ContentType, string Body);
