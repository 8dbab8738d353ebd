using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using Microsoft.Data.Sqlite;

namespace EmergencyStop.Soak.Ledger;

/// <summary>Compares what callers were told with what the ledger holds. Knows nothing else.</summary>
internal sealed class LedgerWitness(string path)
{
    private readonly Dictionary<long, string> _numbers = [];
    private readonly Dictionary<string, string> _stopOfKey = new(StringComparer.Ordinal);
    private readonly List<LedgerAnswer> _fresh = [];
    private readonly List<LedgerAnswer> _stops = [];
    private long _highestBefore;

    /// <summary>Answers heard so far.</summary>
    public long Answers { get; private set; }

    /// <summary>Takes what one process said before it was killed.</summary>
    public void Hear(int round, IEnumerable<string> lines)
    {
        _fresh.Clear();
        _fresh.AddRange(lines.Select(LedgerAnswer.Read).OfType<LedgerAnswer>());
        Answers += _fresh.Count;
        var before = _highestBefore;
        foreach (var answer in _fresh)
        {
            if (answer.What == LedgerAnswer.Engaged)
            {
                Broken(6, _stopOfKey.TryGetValue(answer.More, out var same) && same != answer.Id, $"key {answer.More} gave {same} and {answer.Id}");
                _stopOfKey[answer.More] = answer.Id;
            }

            if (answer.Number > 0)
            {
                var what = $"{answer.What} {answer.Id}";
                var repeated = _numbers.TryGetValue(answer.Number, out var other);
                Broken(5, repeated && other != what, $"number {answer.Number} was given to {other} and to {what}");
                Broken(5, !repeated && answer.Number <= before && answer.What != LedgerAnswer.Engaged, $"round {round}: {what} got {answer.Number}, and {before} was given before the kill");
                _numbers[answer.Number] = what;
                _highestBefore = Math.Max(_highestBefore, answer.Number);
            }
        }

        _stops.AddRange(_fresh.Where(a => a.What is LedgerAnswer.Engaged or LedgerAnswer.Progressed or LedgerAnswer.Released));
    }

    /// <summary>Reads the ledger and compares.</summary>
    public void Check()
    {
        using var file = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        file.Open();
        var orders = Orders(file);
        var stops = Stops(file);
        foreach (var answer in _fresh.Where(a => a.What is LedgerAnswer.Admitted or LedgerAnswer.Evidence))
        {
            CheckOrder(answer, orders.GetValueOrDefault(answer.Id));
        }

        foreach (var answer in _stops)
        {
            CheckStop(answer, stops.GetValueOrDefault(answer.Id));
        }

        CheckNoSlip(orders.Values, stops.Values);
    }

    private static void CheckOrder(LedgerAnswer told, OrderRow? row)
    {
        Broken(5, row is null, $"order {told.Id} was {told.What} and is not in the ledger");
        if (told.What == LedgerAnswer.Admitted)
        {
            Broken(5, row!.Number != told.Number, $"order {told.Id} was admitted as {told.Number}, the ledger says {row.Number}");
        }
        else
        {
            var state = Enum.Parse<OrderState>(told.More);
            Broken(5, row!.State != state && (!state.IsActive() || row.State == OrderState.InFlight), $"order {told.Id} was recorded as {state}, the ledger says {row.State}");
        }
    }

    private static void CheckStop(LedgerAnswer told, StopRow? row)
    {
        Broken(5, row is null, $"stop {told.Id} was {told.What} and is not in the ledger");
        switch (told.What)
        {
            case LedgerAnswer.Engaged:
                Broken(5, row!.Number != told.Number, $"stop {told.Id} was engaged as {told.Number}, the ledger says {row.Number}");
                break;
            case LedgerAnswer.Progressed:
                Broken(5, told.More == nameof(StopState.Completed) && row!.State != StopState.Completed, $"stop {told.Id} was {told.More}, the ledger says {row!.State}");
                break;
            default:
                Broken(5, row!.Released != told.Number, $"stop {told.Id} was released as {told.Number}, the ledger says {row.Released}");
                break;
        }
    }

    /// <summary>Law 1, over everything that is there: no order bears a number between a covering stop and its release.</summary>
    private static void CheckNoSlip(IEnumerable<OrderRow> orders, IEnumerable<StopRow> stops)
    {
        var byNumber = orders.OrderBy(o => o.Number).ToArray();
        var numbers = Array.ConvertAll(byNumber, o => o.Number);
        foreach (var stop in stops)
        {
            // Only what lies between the stop and its release is looked at: the ledger grows with every kill.
            var (from, to) = (From(numbers, stop.Number), From(numbers, stop.Released ?? long.MaxValue));
            var slipped = byNumber[from..to].FirstOrDefault(o => stop.Target.Covers(o.Terms));
            Broken(1, slipped is not null, $"order {slipped?.Id} ({slipped?.Number}) was admitted while {stop.Target} was closed by {stop.Id} ({stop.Number} to {stop.Released})");
        }
    }

    /// <summary>Index of the first number from the given one on.</summary>
    private static int From(long[] numbers, long number)
    {
        var index = Array.BinarySearch(numbers, number);
        return index < 0 ? ~index : index;
    }

    private static Dictionary<string, OrderRow> Orders(SqliteConnection file)
    {
        using var command = file.CreateCommand();
        command.CommandText = "SELECT id, number, user_id, strategy_id, symbol, state FROM orders WHERE origin = 0";
        using var row = command.ExecuteReader();
        var orders = new Dictionary<string, OrderRow>(StringComparer.Ordinal);
        while (row.Read())
        {
            var terms = new OrderTerms(
                UserId.Parse(row.GetString(2)), StrategyId.Parse(row.GetString(3)), Symbol.Parse(row.GetString(4)), OrderSide.Buy, 1, OrderType.Market);
            orders[row.GetString(0)] = new(row.GetString(0), row.GetInt64(1), terms, (OrderState)row.GetInt32(5));
        }

        return orders;
    }

    private static Dictionary<string, StopRow> Stops(SqliteConnection file)
    {
        using var command = file.CreateCommand();
        command.CommandText = "SELECT id, number, target, state, release_number FROM stops";
        using var row = command.ExecuteReader();
        var stops = new Dictionary<string, StopRow>(StringComparer.Ordinal);
        while (row.Read())
        {
            stops[row.GetString(0)] = new(
                row.GetString(0), row.GetInt64(1), StopTarget.Parse(row.GetString(2)), (StopState)row.GetInt32(3), row.IsDBNull(4) ? null : row.GetInt64(4));
        }

        return stops;
    }

    private static void Broken(int law, bool isBroken, string how)
    {
        if (isBroken)
        {
            throw new BrokenLawException($"law {law}: {how}");
        }
    }

    private sealed record OrderRow(string Id, long Number, OrderTerms Terms, OrderState State);

    private sealed record StopRow(string Id, long Number, StopTarget Target, StopState State, long? Released);
}
