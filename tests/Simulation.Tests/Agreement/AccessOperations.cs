using EmergencyStop.Access;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Access;
using EmergencyStop.Ledger.Audit;

namespace EmergencyStop.Simulation.Tests.Agreement;

/// <summary>Keys, answers to give again, the audit, and the upkeep of the ledger.</summary>
internal static class AccessOperations
{
    public static ValueTask<Operation> AddKey(Scene scene, Choices c)
    {
        var number = c.Of(3);
        var user = c.OneIn(2) ? Scene.User(c) : (Ids.UserId?)null;
        var key = new ApiKey($"key-{number}", $"key {number}", user is null ? Role.Engine : Role.Trader, user, scene.Now, c.OneIn(6) ? scene.Now : null);
        var hash = c.OneIn(6) ? "hash-0" : $"hash-{number}";
        scene.KeyHashes.Add(hash);
        return new(Operation.Of(nameof(ILedger.AddKeyAsync), l => l.AddKeyAsync(key, hash, CancellationToken.None), key, hash));
    }

    public static ValueTask<Operation> RevokeKey(Scene scene, Choices c)
    {
        var id = $"key-{c.Of(3)}";
        return new(Operation.Of(nameof(ILedger.RevokeKeyAsync), l => l.RevokeKeyAsync(id, "admin", scene.Now, CancellationToken.None), id, scene.Now));
    }

    public static ValueTask<Operation> RememberAnswer(Scene scene, Choices c)
    {
        var (key, idempotency) = ("key-0", $"k-{c.Of(3)}");
        var answer = new RememberedAnswer($"h-{c.Of(2)}", c.From(200, 409), "application/json", c.From("{}", "{\"a\":1}"));
        return new(Operation.Of(
            nameof(ILedger.RememberAnswerAsync), l => l.RememberAnswerAsync(key, idempotency, answer, scene.Now, CancellationToken.None), key, idempotency, answer));
    }

    public static ValueTask<Operation> FindAnswer(Scene scene, Choices c)
    {
        var (key, idempotency) = ("key-0", $"k-{c.Of(3)}");
        return new(Operation.Of(nameof(ILedger.FindAnswerAsync), async l => await l.FindAnswerAsync(key, idempotency, CancellationToken.None), key, idempotency));
    }

    public static ValueTask<Operation> AppendAudit(Scene scene, Choices c)
    {
        var entry = new AuditEntry(scene.Now, c.From("alice", "officer"), "release.refused", c.From("t1", "t2"), c.From("{}", "{\"why\":\"not yours\"}"));
        return new(Operation.Of(nameof(ILedger.AppendAuditAsync), l => l.AppendAuditAsync(entry, CancellationToken.None), entry));
    }

    public static ValueTask<Operation> Prune(Scene scene, Choices c)
    {
        var before = scene.Now - c.From(TimeSpan.FromHours(1), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(-1));
        var most = c.From(1_000L, 20L, 5L, 0L);
        return new(Operation.Of(nameof(ILedger.PruneOrderEventsAsync), l => l.PruneOrderEventsAsync(before, most, CancellationToken.None), before, most));
    }

    /// <summary>The process ends and another begins: what it held in memory must come from the ledger again.</summary>
    public static ValueTask<Operation> Reopen(Scene scene, Choices c) => new(new Operation("OpenAsync", "OpenAsync()", _ => Task.FromResult<object?>(null)) { Reopens = true });
}
