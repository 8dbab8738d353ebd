using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Events;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Rows;

/// <summary>The outcomes' rows.</summary>
internal static class OutcomeRows
{
    /// <summary>Only what the rule looks at.</summary>
    public const string StandingColumns = "outcome, inferred, at, since";

    private const int MostNamed = 100;
    private const string Columns = "kind, item, outcome, at, duration, filled, phase, reason, attempts, next_try, inferred";

    /// <summary>Writes an outcome where the rule lets it.</summary>
    /// <returns>Whether it was written, and by how much the stop's counts change.</returns>
    public static (bool Written, OutcomeCounts Change) Upsert(LedgerTransaction transaction, Stop stop, ItemOutcome outcome)
    {
        var session = transaction.Session;
        var found = session.Ahead?.TryTake(stop.Id, outcome, out var ahead) == true ? ahead : Standing(session, stop.Number, outcome);
        var standing = found is null ? null : outcome with { Outcome = found.Outcome, Inferred = found.Inferred, At = found.At };
        if (standing is not null && !OutcomeRule.Replaces(standing, outcome, stop))
        {
            return (false, default);
        }

        var since = standing?.Outcome.IsMet() == false ? found?.Since : null;
        session.Sql(
                $"INSERT INTO outcomes (since, stop, {Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (stop, kind, item) DO UPDATE SET "
                + "since = excluded.since, outcome = excluded.outcome, at = excluded.at, duration = excluded.duration, filled = excluded.filled, phase = excluded.phase, "
                + "reason = excluded.reason, attempts = excluded.attempts, next_try = excluded.next_try, inferred = excluded.inferred")
            .Bind(since ?? Values.Micros(outcome.At)).Bind(stop.Number).Bind((long)outcome.Kind).Bind(outcome.Item).Bind((long)outcome.Outcome).Bind(Values.Micros(outcome.At))
            .Bind(Values.Micros(outcome.Duration)).Bind(Values.Text(outcome.FilledQuantity)).Bind(outcome.Phase).Bind(outcome.Reason)
            .Bind((long)outcome.Attempts).Bind(Values.Micros(outcome.NextTry)).Bind(outcome.Inferred).Post();
        Publish(transaction, stop, standing?.Outcome, outcome);
        var before = standing is { } old ? OutcomeRule.Counts(outcome.Kind, old.Outcome) : default;
        return (true, OutcomeRule.Counts(outcome.Kind, outcome.Outcome) - before);
    }

    /// <summary>What stands of an outcome, as <see cref="StandingColumns"/> say.</summary>
    public static StandingOutcome ReadStanding(Statement row) => new((OutcomeKind)row.Int(), row.Bool(), Values.Time(row.Long()), row.Long());

    private static StandingOutcome? Standing(LedgerSession session, long stop, ItemOutcome outcome) =>
        session.Sql($"SELECT {StandingColumns} FROM outcomes WHERE stop = ? AND kind = ? AND item = ?")
            .Bind(stop).Bind((long)outcome.Kind).Bind(outcome.Item).First(ReadStanding);

    /// <summary>Ends a slice of outcomes: the stop's counts, and one audit entry.</summary>
    public static void Seal(LedgerTransaction transaction, Stop stop, List<ItemOutcome> written, OutcomeCounts change, DateTimeOffset at)
    {
        AddCounts(transaction.Session, stop.Number, change);
        if (written.Count > 0)
        {
            transaction.AppendAudit(new(at, "service", "stop.outcomes", stop.Id.Value, Details(written)));
            transaction.Publish(StopEvents.OutcomesRecorded(stop, EventBooks.OfTarget(transaction.Session, stop.Target), written, at));
        }
    }

    /// <summary>Tells those who follow events what has become of a debt, where they can act on it.</summary>
    public static void Publish(LedgerTransaction transaction, Stop stop, OutcomeKind? was, ItemOutcome now)
    {
        if (ObligationEvents.Between(stop, was, now, item => DebtRows.UserOf(transaction.Session, item)) is { } happened)
        {
            transaction.Publish(happened);
        }
    }

    public static void AddCounts(LedgerSession session, long stop, OutcomeCounts change)
    {
        if (change != default)
        {
            session.Sql(
                    "UPDATE stops SET orders_cancelled = orders_cancelled + ?, strategies_paused = strategies_paused + ?, "
                    + "positions_closed = positions_closed + ? WHERE number = ?")
                .Bind((long)change.OrdersCancelled).Bind((long)change.StrategiesPaused).Bind((long)change.PositionsClosed)
                .Bind(stop).Post();
        }
    }

    public static bool IsMet(LedgerSession session, long stop, ObligationKind kind, string item) =>
        session.Sql("SELECT 1 FROM outcomes WHERE stop = ? AND kind = ? AND item = ? AND outcome NOT IN (7, 8)").Bind(stop).Bind((long)kind).Bind(item).Any();

    /// <summary>Makes a met outcome unmet again.</summary>
    /// <returns>What it was; <c>null</c> when none was met.</returns>
    public static OutcomeKind? Reopen(LedgerTransaction transaction, Stop stop, ItemOutcome unmet)
    {
        var session = transaction.Session;
        var before = session.Sql("SELECT outcome FROM outcomes WHERE stop = ? AND kind = ? AND item = ? AND outcome NOT IN (7, 8)")
            .Bind(stop.Number).Bind((long)unmet.Kind).Bind(unmet.Item).First(static r => (OutcomeKind?)r.Int());
        if (before is not null)
        {
            session.Ahead?.ForgetOutcomes();
            session.Sql("UPDATE outcomes SET outcome = ?, inferred = 0, phase = ?, reason = ?, at = ?, since = ? WHERE stop = ? AND kind = ? AND item = ?")
                .Bind((long)unmet.Outcome).Bind(unmet.Phase).Bind(unmet.Reason).Bind(Values.Micros(unmet.At)).Bind(Values.Micros(unmet.At))
                .Bind(stop.Number).Bind((long)unmet.Kind).Bind(unmet.Item).Post();
            Publish(transaction, stop, before, unmet);
        }

        return before;
    }

    public static List<ItemOutcome> Of(LedgerSession session, StopId stop) =>
        session.Sql($"SELECT {Columns} FROM outcomes WHERE stop = (SELECT number FROM stops WHERE id = ?) ORDER BY kind, item")
            .Bind(stop.Value).All(Read);

    public static List<ItemOutcome> Unmet(LedgerSession session, long stop) =>
        session.Sql($"SELECT {Columns} FROM outcomes WHERE stop = ? AND outcome IN (7, 8) ORDER BY kind, item").Bind(stop).All(Read);

    public static ItemOutcome? Find(LedgerSession session, long stop, ObligationKind kind, string item) =>
        session.Sql($"SELECT {Columns} FROM outcomes WHERE stop = ? AND kind = ? AND item = ?").Bind(stop).Bind((long)kind).Bind(item).First(Read);

    /// <summary>What is unmet, with since when.</summary>
    public static List<(ItemOutcome Item, DateTimeOffset Since)> UnmetSince(LedgerSession session, long stop) =>
        session.Sql($"SELECT {Columns}, since FROM outcomes WHERE stop = ? AND outcome IN (7, 8) ORDER BY kind, item")
            .Bind(stop).All(static r => (Read(r), Values.Time(r.Long())));

    /// <summary>The orders that were given up for a stop.</summary>
    public static HashSet<string> WaivedOrders(LedgerSession session, long stop) =>
        [.. session.Sql("SELECT item FROM outcomes INDEXED BY outcomes_waived WHERE stop = ? AND kind = 0 AND outcome = 9").Bind(stop).All(static r => r.Text())];

    public static long CountUnmet(LedgerSession session, long stop) =>
        session.Sql("SELECT count(*) FROM outcomes INDEXED BY outcomes_unmet WHERE stop = ? AND outcome IN (7, 8)").Bind(stop).First(static r => r.Long());

    public static bool HasUnmet(LedgerSession session, long stop) =>
        session.Sql("SELECT 1 FROM outcomes INDEXED BY outcomes_unmet WHERE stop = ? AND outcome IN (7, 8) LIMIT 1").Bind(stop).Any();

    public static List<UnmetFigures> UnmetFigures(LedgerSession session) =>
        session.Sql(
                "SELECT o.kind, o.outcome, count(*), min(s.requested_at) FROM outcomes o INDEXED BY outcomes_unmet "
                + "JOIN stops s ON s.number = o.stop WHERE o.outcome IN (7, 8) GROUP BY o.kind, o.outcome")
            .All(static r => new UnmetFigures((ObligationKind)r.Int(), (OutcomeKind)r.Int(), r.Long(), Values.Time(r.Long())));

    private static string Details(List<ItemOutcome> written)
    {
        var counts = written.GroupBy(o => o.Outcome).OrderBy(g => g.Key).Select(g => KeyValuePair.Create(Word(g.Key), g.Count()));
        var items = written.Select(o => $"{Word(o.Kind)} {o.Item} {Word(o.Outcome)}").ToImmutableArray();
        return items.Length <= MostNamed
            ? AuditDetails.Of(("counts", counts), ("items", items))
            : AuditDetails.Of(("counts", counts), ("items_sha256", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', items))))));
    }

    private static string Word<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static ItemOutcome Read(Statement row) => new(
        (ObligationKind)row.Int(),
        row.Text(),
        (OutcomeKind)row.Int(),
        Values.Time(row.Long()),
        TimeSpan.FromTicks(row.Long() * TimeSpan.TicksPerMicrosecond),
        Values.DecimalOrNull(row.TextOrNull()),
        row.TextOrNull(),
        row.TextOrNull(),
        row.Int(),
        Values.Time(row.LongOrNull()),
        row.Bool());
}
