using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Risk;
using EmergencyStop.Risk;

namespace EmergencyStop.Ledger.Rows;

/// <summary>The rows of risk rules and of their watches.</summary>
internal static class RiskRows
{
    private const string Columns = "version, deleted, source, written_by, at, reason, body";

    public static RiskWriteAnswer Write(LedgerTransaction transaction, ImmutableArray<RiskRuleWrite> writes)
    {
        var session = transaction.Session;
        foreach (var write in writes)
        {
            // What is refused is refused before the first change.
            var newest = Newest(session, write.Rule.Id);
            if ((newest?.Version ?? 0) != write.Expected)
            {
                return new([], newest ?? throw new ArgumentException($"There is no version {write.Expected} of {write.Rule.Id}.", nameof(writes)));
            }
        }

        var written = writes.Select(w => new RiskRuleVersion(
            w.Rule, w.Expected + 1, w.Deleted, w.Source, w.By, Values.Stored(w.At), w.Reason)).ToImmutableArray();
        foreach (var version in written)
        {
            session.Sql($"INSERT INTO risk_rules (id, {Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
                .Bind(version.Rule.Id.Value).Bind((long)version.Version).Bind(version.Deleted).Bind((long)version.Source)
                .Bind(version.By).Bind(Values.Micros(version.At)).Bind(version.Reason).Bind(RiskText.Write(version.Rule)).Run();
            var entry = RiskAudit.Of(version);
            transaction.AppendAudit(entry);
            transaction.Publish(RiskEvents.Of(version, entry));
        }

        return new(written, null);
    }

    public static List<RiskRuleVersion> All(LedgerSession session) => session.Sql(
            $"SELECT {Columns} FROM risk_rules AS r WHERE version = (SELECT max(version) FROM risk_rules WHERE id = r.id) ORDER BY id").All(Read);

    public static List<RiskRuleVersion> Versions(LedgerSession session, RiskRuleId rule) =>
        session.Sql($"SELECT {Columns} FROM risk_rules WHERE id = ? ORDER BY version DESC").Bind(rule.Value).All(Read);

    public static List<RiskWatch> Watches(LedgerSession session, UserId? user)
    {
        const string order = "ORDER BY user_id, rule_id, strategy_id";
        var statement = user is { } only
            ? session.Sql($"SELECT body FROM risk_watches WHERE user_id = ? {order}").Bind(only.Value)
            : session.Sql($"SELECT body FROM risk_watches {order}");
        return statement.All(static r => RiskText.Read<RiskWatch>(r.Text()));
    }

    /// <summary>The watch with its new revision; <c>null</c> when its row is not the one that was read.</summary>
    public static RiskWatch? Save(LedgerTransaction transaction, RiskWatch watch, AuditEntry? entry)
    {
        var (session, next) = (transaction.Session, watch with { Revision = watch.Revision + 1 });
        var statement = watch.Revision == 0
            ? session.Sql("INSERT INTO risk_watches (revision, body, user_id, rule_id, strategy_id) VALUES (?, ?, ?, ?, ?) ON CONFLICT (user_id, rule_id, strategy_id) DO NOTHING")
            : session.Sql("UPDATE risk_watches SET revision = ?, body = ? WHERE user_id = ? AND rule_id = ? AND strategy_id = ? AND revision = ?");
        statement.Bind(next.Revision).Bind(RiskText.Write(next)).Bind(watch.User.Value).Bind(watch.Rule.Value).Bind(watch.Strategy?.Value ?? string.Empty);
        if ((watch.Revision == 0 ? statement : statement.Bind(watch.Revision)).Run() != 1)
        {
            return null;
        }

        if (entry is not null)
        {
            transaction.AppendAudit(entry);
            transaction.Publish(RiskEvents.Of(watch, entry));
        }

        return next;
    }

    private static RiskRuleVersion? Newest(LedgerSession session, RiskRuleId rule) =>
        session.Sql($"SELECT {Columns} FROM risk_rules WHERE id = ? ORDER BY version DESC LIMIT 1").Bind(rule.Value).First(Read);

    private static RiskRuleVersion Read(Statement row)
    {
        var (version, deleted, source) = (row.Int(), row.Bool(), (RiskRuleSource)row.Int());
        var (by, at, reason) = (row.Text(), Values.Time(row.Long()), row.Text());
        return new(RiskText.Read<RiskRule>(row.Text()), version, deleted, source, by, at, reason);
    }
}
