using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Access;

namespace EmergencyStop.Ledger.Rows;

/// <summary>The rows of API keys, and of answers to give again.</summary>
internal static class KeyRows
{
    private const string Columns = "id, name, role, user_id, created_at, revoked_at";

    public static void Insert(LedgerSession session, ApiKey key, string hash) =>
        session.Sql($"INSERT INTO api_keys ({Columns}, hash) VALUES (?, ?, ?, ?, ?, ?, ?)")
            .Bind(key.Id).Bind(key.Name).Bind((long)key.Role).Bind(key.User?.Value).Bind(Values.Micros(key.CreatedAt))
            .Bind(Values.Micros(key.RevokedAt)).Bind(hash).Post();

    public static bool Revoke(LedgerSession session, string id, DateTimeOffset at) =>
        session.Sql("UPDATE api_keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL").Bind(Values.Micros(at)).Bind(id).Run() == 1;

    public static ApiKey? Find(LedgerSession session, string hash) =>
        session.Sql($"SELECT {Columns} FROM api_keys WHERE hash = ?").Bind(hash).First(Read);

    public static List<ApiKey> All(LedgerSession session) =>
        session.Sql($"SELECT {Columns} FROM api_keys ORDER BY created_at, id").All(Read);

    public static RememberedAnswer? FindAnswer(LedgerSession session, string keyId, string idempotencyKey) =>
        session.Sql("SELECT body_hash, status, content_type, body FROM answers WHERE key_id = ? AND idempotency_key = ?")
            .Bind(keyId).Bind(idempotencyKey).First(static r => new RememberedAnswer(r.Text(), r.Int(), r.Text(), r.Text()));

    public static void Remember(LedgerSession session, string keyId, string idempotencyKey, RememberedAnswer answer, DateTimeOffset at) =>
        session.Sql("INSERT INTO answers (key_id, idempotency_key, body_hash, status, content_type, body, at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")
            .Bind(keyId).Bind(idempotencyKey).Bind(answer.BodyHash).Bind((long)answer.Status).Bind(answer.ContentType).Bind(answer.Body)
            .Bind(Values.Micros(at)).Post();

    private static ApiKey Read(Statement row) => new(
        row.Text(),
        row.Text(),
        (Role)row.Int(),
        row.TextOrNull() is { } user ? UserId.Parse(user) : null,
        Values.Time(row.Long()),
        Values.Time(row.LongOrNull()));
}
