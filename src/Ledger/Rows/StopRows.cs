using System.Collections.Immutable;
using System.Text.Json;
using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Rows;

/// <summary>The stops' rows.</summary>
internal static class StopRows
{
    /// <summary>The bit of a stop's options that says that it holds no latch.</summary>
    public const int CancelOnlyFlag = 16;

    private const string Columns =
        "number, id, target, options, reason_code, reason, key_id, key_name, key_role, key_user, requested_at, idempotency_key, "
        + "body_hash, state, gate_closed, last_new_order_sent, last_cancel_sent, cancels_confirmed, flat, unprotected, finished_at, "
        + "release_number, released_by, released_at, release_reason, "
        + "narrow_number, narrowed_by, narrowed_at, narrow_reason, "
        + "(SELECT json_group_array(l.target) FROM latches l WHERE l.stop = stops.number), again_number, again_at, next_try, "
        + "(SELECT json_group_array(json_array(c.target, c.number, c.made_by, c.at, c.reason, c.put_back)) FROM carve_outs c WHERE c.stop = stops.number)";

    private const string SummaryColumns = Columns + ", book_user, orders_cancelled, strategies_paused, positions_closed";

    public static void Insert(LedgerSession session, Stop stop, DateTimeOffset engagedAt, UserId? book)
    {
        var request = stop.Request;
        var by = request.RequestedBy;
        session.Sql(
                "INSERT INTO stops (number, id, target, options, reason_code, reason, key_id, key_name, key_role, key_user, requested_at, "
                + "idempotency_key, body_hash, engaged_at, book_user, state, gate_closed, unprotected) "
                + "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '[]')")
            .Bind(stop.Number).Bind(stop.Id.Value).Bind(stop.Target.Value).Bind(Flags(stop.Options)).Bind((long)request.ReasonCode)
            .Bind(request.Reason).Bind(by.KeyId).Bind(by.Name).Bind((long)by.Role).Bind(by.User?.Value)
            .Bind(Values.Micros(request.RequestedAt)).Bind(request.IdempotencyKey).Bind(request.BodyHash)
            .Bind(Values.Micros(engagedAt)).Bind(book?.Value).Bind((long)stop.State).Bind(Values.Micros(stop.Clocks.GateClosed)).Post();
    }

    public static void InsertLatch(LedgerSession session, Stop stop) =>
        session.Sql("INSERT INTO latches (stop, target) VALUES (?, ?)").Bind(stop.Number).Bind(stop.Target.Value).Post();

    /// <summary>The clock that only the ledger can read: it runs until after the commit that wrote the row.</summary>
    public static void SetGateClosed(LedgerSession session, long number, TimeSpan gateClosed) =>
        session.Sql("UPDATE stops SET gate_closed = ? WHERE number = ?").Bind(Values.Micros(gateClosed)).Bind(number).Post();

    public static void SetProgress(LedgerSession session, Stop stop) =>
        session.Sql(
                "UPDATE stops SET state = ?, last_new_order_sent = ?, last_cancel_sent = ?, cancels_confirmed = ?, flat = ?, "
                + "unprotected = ?, finished_at = ? WHERE number = ?")
            .Bind((long)stop.State).Bind(Values.Micros(stop.Clocks.LastNewOrderSent)).Bind(Values.Micros(stop.Clocks.LastCancelSent))
            .Bind(Values.Micros(stop.Clocks.CancelsConfirmed)).Bind(Values.Micros(stop.Clocks.Flat))
            .Bind(JsonSerializer.Serialize(stop.UnprotectedPositions)).Bind(Values.Micros(stop.FinishedAt)).Bind(stop.Number).Post();

    /// <summary>Sets the stop to work anew.</summary>
    public static void SetAgain(LedgerSession session, Stop stop) =>
        session.Sql("UPDATE stops SET state = ?, options = ?, again_number = ?, again_at = ?, next_try = NULL, finished_at = NULL WHERE number = ?")
            .Bind((long)stop.State).Bind(Flags(stop.Options)).Bind(stop.Again?.Number).Bind(Values.Micros(stop.Again?.At)).Bind(stop.Number).Post();

    public static void SetNextTry(LedgerSession session, long number, DateTimeOffset? at) =>
        session.Sql("UPDATE stops SET next_try = ? WHERE number = ?").Bind(Values.Micros(at)).Bind(number).Post();

    /// <summary>Replaces the latches of a stop.</summary>
    public static void SetNarrowed(LedgerSession session, long number, StopNarrowing narrowed)
    {
        session.Sql("UPDATE stops SET narrow_number = ?, narrowed_by = ?, narrowed_at = ?, narrow_reason = ? WHERE number = ?")
            .Bind(narrowed.Number).Bind(narrowed.By).Bind(Values.Micros(narrowed.At)).Bind(narrowed.Reason).Bind(number).Post();
        session.Sql("DELETE FROM latches WHERE stop = ?").Bind(number).Post();
        foreach (var target in narrowed.Holds)
        {
            session.Sql("INSERT INTO latches (stop, target) VALUES (?, ?)").Bind(number).Bind(target.Value).Post();
        }
    }

    public static void SetRelease(LedgerSession session, long number, StopRelease release)
    {
        session.Sql("UPDATE stops SET release_number = ?, released_by = ?, released_at = ?, release_reason = ? WHERE number = ?")
            .Bind(release.Number).Bind(release.By).Bind(Values.Micros(release.At)).Bind(release.Reason).Bind(number).Post();
        session.Sql("DELETE FROM latches WHERE stop = ?").Bind(number).Post();
    }

    public static Stop? Find(LedgerSession session, StopId stop) =>
        session.Sql($"SELECT {Columns} FROM stops WHERE id = ?").Bind(stop.Value).First(Read);

    /// <summary>The stop, or the caller's bug.</summary>
    public static Stop Get(LedgerSession session, StopId stop) =>
        Find(session, stop) ?? throw new ArgumentException($"There is no stop {stop}.", nameof(stop));

    public static Stop? FindByKey(LedgerSession session, string keyId, string idempotencyKey) =>
        session.Sql($"SELECT {Columns} FROM stops WHERE key_id = ? AND idempotency_key = ?").Bind(keyId).Bind(idempotencyKey).First(Read);

    /// <summary>The stop of a number.</summary>
    public static Stop? OfNumber(LedgerSession session, long number) =>
        session.Sql($"SELECT {Columns} FROM stops WHERE number = ?").Bind(number).First(Read);

    /// <summary>The latest standing stop that a keyless request repeats.</summary>
    public static Stop? FindStanding(LedgerSession session, EmergencyStopRequest request) =>
        session.Sql(
                $"SELECT {Columns} FROM stops WHERE target = ? AND key_id = ? AND options = ? AND idempotency_key IS NULL "
                + "AND release_number IS NULL AND requested_at >= ? ORDER BY number DESC LIMIT 100")
            .Bind(request.Target.Value).Bind(request.RequestedBy.KeyId).Bind(Flags(request.Options))
            .Bind(Values.Micros(request.RequestedAt - IStopLedger.RepeatWindow)).All(Read)
            .Find(s => s is { Narrowed: null, Again: null } && s.Request.Except.SequenceEqual(request.Except));

    public static List<Stop> Unfinished(LedgerSession session) =>
        session.Sql($"SELECT {Columns} FROM stops WHERE state <> 1 ORDER BY number").All(Read);

    public static List<Stop> Holding(LedgerSession session, UserId? over) => over is { } user
        ? session.Sql( // By bytes, where ':' is followed by ';' and '/' by '0': the targets of no user, this user's, and parts of this user's book.
                $"SELECT {Columns} FROM stops WHERE number IN (SELECT stop FROM latches "
                + "WHERE target < 'USER:' OR target >= 'USER;' OR target = ? OR (target >= ? AND target < ?)) ORDER BY number")
            .Bind($"USER:{user}").Bind($"USER:{user}/").Bind($"USER:{user}0").All(Read)
        : session.Sql($"SELECT {Columns} FROM stops WHERE number IN (SELECT stop FROM latches) ORDER BY number").All(Read);

    public static List<Stop> On(LedgerSession session, StopTarget target, int limit) =>
        session.Sql($"SELECT {Columns} FROM stops WHERE target = ? ORDER BY number DESC LIMIT ?").Bind(target.Value).Bind((long)limit).All(Read);

    public static List<StopSummary> History(LedgerSession session, UserId? user, long before, int limit) => user is { } book
        ? session.Sql($"SELECT {SummaryColumns} FROM stops WHERE book_user = ? AND number < ? ORDER BY number DESC LIMIT ?")
            .Bind(book.Value).Bind(before).Bind((long)limit).All(ReadSummary)
        : session.Sql($"SELECT {SummaryColumns} FROM stops WHERE number < ? ORDER BY number DESC LIMIT ?")
            .Bind(before).Bind((long)limit).All(ReadSummary);

    public static StopCounts Counts(LedgerSession session)
    {
        var counts = session.Sql("SELECT state, count(*) FROM stops GROUP BY state").All(static r => ((StopState)r.Int(), r.Long()));
        long Of(StopState state) => counts.Where(c => c.Item1 == state).Sum(c => c.Item2);
        return new(counts.Sum(c => c.Item2), Of(StopState.Completed), Of(StopState.Working), Of(StopState.Outstanding));
    }

    public static long Flags(StopOptions options) =>
        (options.CancelOrders ? 1 : 0) + (options.PauseStrategies ? 2 : 0) + (options.ClosePositions ? 4 : 0)
        + (options.KeepProtective ? 8 : 0) + (options.CancelOnly ? CancelOnlyFlag : 0);

    private static StopOptions Options(long flags) =>
        new((flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0, (flags & 8) != 0, (flags & CancelOnlyFlag) != 0);

    private static StopSummary ReadSummary(Statement row)
    {
        var stop = Read(row);
        return new(stop, row.TextOrNull() is { } user ? UserId.Parse(user) : null, row.Int(), row.Int(), row.Int());
    }

    private static Stop Read(Statement row)
    {
        var number = row.Long();
        var id = StopId.Parse(row.Text());
        var request = ReadRequest(row);
        var state = (StopState)row.Int();
        var clocks = new StopClocks(
            Values.Span(row.LongOrNull()), Values.Span(row.LongOrNull()), Values.Span(row.LongOrNull()),
            Values.Span(row.LongOrNull()), Values.Span(row.LongOrNull()));
        var unprotected = JsonSerializer.Deserialize<ImmutableArray<string>>(row.Text());
        var finished = Values.Time(row.LongOrNull());
        var release = row.LongOrNull() is { } released
            ? new StopRelease(released, row.Text(), Values.Time(row.Long()), row.Text())
            : row.Skip<StopRelease>(3);
        var narrowed = ReadNarrowing(row, release is not null);
        var again = row.LongOrNull() is { } anew ? new StopAgain(anew, Values.Time(row.Long())) : row.Skip<StopAgain>(1);
        var next = Values.Time(row.LongOrNull());
        var carved = CarveOutRows.Read(row.Text());
        return new(
            id, number, request with { Except = carved.IsEmpty ? [] : [.. carved.Where(c => c.Number == number).Select(c => c.Target)] }, state, clocks, unprotected, finished, release)
        {
            Narrowed = narrowed,
            Again = again,
            NextTry = next,
            CarveOuts = carved,
        };
    }

    /// <summary>The columns of the narrowing and of the latches that are left.</summary>
    private static StopNarrowing? ReadNarrowing(Statement row, bool released)
    {
        var number = row.LongOrNull();
        var (by, at, reason) = (row.TextOrNull(), row.LongOrNull(), row.TextOrNull());
        var holds = row.Text();
        return number is { } drawn && by is not null && at is { } when && reason is not null && !released
            ? new(drawn, by, Values.Time(when), reason, [.. (JsonSerializer.Deserialize<string[]>(holds) ?? []).Select(StopTarget.Parse).OrderBy(t => t.Value, StringComparer.Ordinal)])
            : null;
    }

    private static EmergencyStopRequest ReadRequest(Statement row)
    {
        var target = StopTarget.Parse(row.Text());
        var options = Options(row.Long());
        var code = (EmergencyStopReason)row.Int();
        var reason = row.Text();
        var by = new Caller(row.Text(), row.Text(), (Role)row.Int(), row.TextOrNull() is { } user ? UserId.Parse(user) : null);
        return new(target, options, code, reason, by, Values.Time(row.Long()), row.TextOrNull(), row.TextOrNull());
    }
}
