using System.Collections.Immutable;
using System.Text.Json;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Rows;

/// <summary>The rows of what is, or was, carved out of stops.</summary>
internal static class CarveOutRows
{
    public static void Insert(LedgerSession session, long stop, CarveOut carved) =>
        session.Sql("INSERT INTO carve_outs (stop, number, target, made_by, at, reason) VALUES (?, ?, ?, ?, ?, ?)")
            .Bind(stop).Bind(carved.Number).Bind(carved.Target.Value).Bind(carved.By).Bind(Values.Micros(carved.At)).Bind(carved.Reason).Post();

    public static void PutBack(LedgerSession session, long stop, StopTarget target, long number) =>
        session.Sql("UPDATE carve_outs SET put_back = ? WHERE stop = ? AND target = ? AND put_back IS NULL")
            .Bind(number).Bind(stop).Bind(target.Value).Post();

    /// <summary>What the gate must spare, by the number of the stop that holds it.</summary>
    public static Dictionary<long, ImmutableArray<StopTarget>> InForce(LedgerSession session) =>
        session.Sql("SELECT stop, target FROM carve_outs WHERE put_back IS NULL AND stop IN (SELECT stop FROM latches)")
            .All(static r => (Stop: r.Long(), Target: StopTarget.Parse(r.Text())))
            .GroupBy(c => c.Stop, c => c.Target)
            .ToDictionary(g => g.Key, g => g.OrderBy(t => t.Value, StringComparer.Ordinal).ToImmutableArray());

    /// <summary>Those of one stop, as its row's column holds them.</summary>
    public static ImmutableArray<CarveOut> Read(string column)
    {
        if (column == "[]")
        {
            return [];
        }

        using var rows = JsonDocument.Parse(column);
        return [.. rows.RootElement.EnumerateArray().Select(Read).OrderBy(c => c.Number).ThenBy(c => c.Target.Value, StringComparer.Ordinal)];
    }

    private static CarveOut Read(JsonElement row) => new(
        StopTarget.Parse(row[0].GetString()),
        row[1].GetInt64(),
        row[2].GetString() ?? string.Empty,
        Values.Time(row[3].GetInt64()),
        row[4].GetString() ?? string.Empty,
        row[5].ValueKind == JsonValueKind.Null ? null : row[5].GetInt64());
}
