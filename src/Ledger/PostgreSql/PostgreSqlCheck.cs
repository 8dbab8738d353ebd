using EmergencyStop.Ledger.Rows;

namespace EmergencyStop.Ledger.PostgreSql;

/// <summary>Checks a whole ledger in a database as of one moment, without writing to it; services may run on it, and it may be a replica.</summary>
/// <remarks>Whether the server's pages are whole is the server's to say: <c>pg_amcheck</c>, and checksums of its own.</remarks>
public static class PostgreSqlCheck
{
    /// <summary>Longest time of one statement: each reads a table.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private static readonly (string Name, Func<PostgreSqlSession, LedgerFinding> Of)[] Checks =
        [("schema", Schema), ("audit", RowChecks.Audit), ("gate", Gate), ("latches", RowChecks.Latches), ("orders", Orders), ("events", Events)];

    /// <summary>Runs the checks one after the other; a server that cannot be used, or whose schema is not known, ends them.</summary>
    /// <param name="connectionString">How to reach the database, as Npgsql writes it.</param>
    public static IEnumerable<LedgerFinding> Run(string connectionString)
    {
        var connections = new PostgreSqlConnections(connectionString, new() { ReadTimeout = Longest, IdleTimeout = TimeSpan.FromMinutes(1) });
        using var session = Open(connections, out var server);
        yield return server;
        if (session is null || !server.Holds)
        {
            yield break;
        }

        foreach (var (name, of) in Checks)
        {
            var finding = Guarded(name, () => of(session), connections);
            yield return finding;
            if (!finding.Holds && (name == "schema" || !session.IsOpen))
            {
                yield break;
            }
        }
    }

    private static PostgreSqlSession? Open(PostgreSqlConnections connections, out LedgerFinding server)
    {
        PostgreSqlSession? session = null;
        server = Guarded("server", () => Server(session = connections.Open(ConnectionUse.Read), connections), connections);
        return session;
    }

    private static LedgerFinding Guarded(string name, Func<LedgerFinding> of, PostgreSqlConnections connections)
    {
        try
        {
            return of();
        }
        catch (Exception e) when (PostgreSqlTrouble.Is(e))
        {
            return new(name, false, PostgreSqlTrouble.Sentence(e, connections.At));
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException or InvalidCastException or LedgerUnavailableException)
        {
            return new(name, false, $"a value cannot be read: {e.Message}");
        }
    }

    private static LedgerFinding Server(PostgreSqlSession session, PostgreSqlConnections connections)
    {
        session.Execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"); // Every check sees this moment.
        if (ServerIdentity.WhyNot(session, $"{connections.At.Database} on {connections.At.Host}:{connections.At.Port}", mayBeStandby: true) is { } why)
        {
            return new("server", false, why);
        }

        return new("server", true, session.Sql(
                "SELECT 'PostgreSQL ' || current_setting('server_version') || CASE WHEN pg_is_in_recovery() THEN ', a replica' ELSE '' END || ', data checksums ' || current_setting('data_checksums')")
            .First(static r => r.Text())!); // The question has an answer.
    }

    private static LedgerFinding Schema(PostgreSqlSession session)
    {
        if (RowChecks.Count(session, $"SELECT (to_regclass('{PostgreSqlConnections.Schema}.schema_version') IS NOT NULL)::int") == 0)
        {
            return new("schema", false, "this is no ledger");
        }

        var version = RowChecks.Count(session, "SELECT coalesce(max(version), 0) FROM schema_version");
        return version == PostgreSqlSchema.Newest
            ? new("schema", true, $"version {version}")
            : new("schema", false, $"version {version}; this program's is {PostgreSqlSchema.Newest}: use the program that wrote it, or start the service once");
    }

    /// <summary>Rows are not beyond the gate, and the gate is not beyond the sequence: it would give its numbers out again.</summary>
    private static LedgerFinding Gate(PostgreSqlSession session)
    {
        var number = GateRows.Read(session).Number;
        var drawn = RowChecks.Count(session, "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM numbers");
        return drawn < number
            ? new("gate", false, $"its number is {number}, but the sequence of numbers is at {drawn}")
            : RowChecks.Gate(session);
    }

    /// <summary>Each index that a sweep finds its orders by holds what the table holds.</summary>
    private static LedgerFinding Orders(PostgreSqlSession session)
    {
        session.Execute("SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off; SET LOCAL enable_bitmapscan = off");
        var marked = RowChecks.Count(session, "SELECT count(*) FROM orders WHERE ended_after IS NULL");
        var ofNone = RowChecks.Count(session, "SELECT count(*) FROM orders WHERE ended_after IS NULL AND strategy_id IS NULL");
        session.Execute("SET LOCAL enable_indexscan = on; SET LOCAL enable_indexonlyscan = on; SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL max_parallel_workers_per_gather = 0");
        var indexed = new[]
        {
            ("active orders", Indexed(session, "number")),
            ("active orders by user", Indexed(session, "partition, user_id, number")),
            ("active orders by symbol", Indexed(session, "symbol, number")),
            ("active orders by strategy", Indexed(session, "strategy_id, number", " AND strategy_id IS NOT NULL") + ofNone),
        };
        session.Execute("SET LOCAL enable_seqscan = on; SET LOCAL enable_sort = on; SET LOCAL enable_bitmapscan = on");
        return RowChecks.Orders(session, marked, indexed);
    }

    /// <summary>The order asked for is the index's: with sorting and the table's own scan turned off the planner takes that.</summary>
    private static long Indexed(PostgreSqlSession session, string columns, string and = "") =>
        RowChecks.Count(session, $"SELECT count(*) FROM (SELECT 1 FROM orders WHERE ended_after IS NULL{and} ORDER BY {columns} OFFSET 0) found");

    /// <summary>The outbox ends where its head says, and no change of an order bears an id that will be given out again.</summary>
    private static LedgerFinding Events(PostgreSqlSession session)
    {
        var (head, last, changes, drawn) = session.Sql(
                "SELECT (SELECT event_id FROM audit_head), (SELECT coalesce(max(id), 0) FROM events), (SELECT coalesce(max(id), 0) FROM order_events), "
                + "(SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM order_events_id_seq)")
            .First(static r => (r.Long(), r.Long(), r.Long(), r.Long()));
        return head != last ? new("events", false, $"the last is {last}, and the outbox's head is at {head}")
            : changes > drawn ? new("events", false, $"a change of an order bears {changes}, and their sequence is at {drawn}")
            : new("events", true, $"the outbox is at {last}, the changes of orders are at {changes}");
    }
}
