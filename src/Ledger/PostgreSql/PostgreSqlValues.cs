using Npgsql;
using NpgsqlTypes;

namespace EmergencyStop.Ledger.PostgreSql;

/// <summary>How values go to the server.</summary>
internal static class PostgreSqlValues
{
    /// <summary>PostgreSQL's text cannot hold the character of code zero; what a person may have smuggled in is shown as unreadable.</summary>
    public static string? Storable(string? text) =>
        text is not null && text.Contains('\0', StringComparison.Ordinal) ? text.Replace('\0', '\uFFFD') : text;

    public static NpgsqlParameter Text(string? value) => value is null
        ? new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text }
        : new NpgsqlParameter<string> { TypedValue = Storable(value), NpgsqlDbType = NpgsqlDbType.Text };

    public static NpgsqlParameter Number(long? value) => value is { } number
        ? new NpgsqlParameter<long> { TypedValue = number, NpgsqlDbType = NpgsqlDbType.Bigint }
        : new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint };

    public static NpgsqlParameter Small(long value) => new NpgsqlParameter<short> { TypedValue = checked((short)value), NpgsqlDbType = NpgsqlDbType.Smallint };

    public static NpgsqlParameter Texts(IEnumerable<string?> values) =>
        new() { Value = values.Select(Storable).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    public static NpgsqlParameter Numbers(IEnumerable<long> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint };

    public static NpgsqlParameter NumbersOrNull(IEnumerable<long?> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint };

    public static NpgsqlParameter Smalls(IEnumerable<long> values) =>
        new() { Value = values.Select(v => checked((short)v)).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Smallint };

    public static NpgsqlParameter Flags(IEnumerable<bool> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Boolean };
}
