using System.Buffers.Text;
using System.Text;

namespace EmergencyStop.Ledger.Rows;

/// <summary>Where a page begins, as text that callers hand back unread.</summary>
internal static class Cursor
{
    private const int Longest = 600;

    public static string Of(string key) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(key));

    public static string Of(long number) => Of(number.ToString(Values.Invariant));

    /// <summary>The key of a text cursor; empty at the beginning.</summary>
    public static string Key(string? cursor)
    {
        if (cursor is null)
        {
            return string.Empty;
        }

        if (cursor.Length is > 0 and <= Longest && Base64Url.IsValid(cursor))
        {
            return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
        }

        throw Bad(cursor);
    }

    /// <summary>The number of a numeric cursor; above every number at the beginning.</summary>
    public static long Number(string? cursor)
    {
        if (cursor is null)
        {
            return long.MaxValue;
        }

        return long.TryParse(Key(cursor), System.Globalization.NumberStyles.None, Values.Invariant, out var number) ? number : throw Bad(cursor);
    }

    private static ArgumentException Bad(string cursor) => new("The cursor has no meaning here: begin without one.", nameof(cursor));
}
