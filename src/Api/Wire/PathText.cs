using System.Globalization;
using EmergencyStop.Ids;

namespace EmergencyStop.Api.Wire;

/// <summary>Reads identifiers out of paths.</summary>
internal static class PathText
{
    private const int LongestPlain = 200;

    /// <summary>A path as it may stand in a log or an audit: it is whatever somebody has sent, so it is cut and holds nothing that a screen would obey.</summary>
    public static string Plain(string? path) => string.Concat((path ?? string.Empty).Take(LongestPlain)
        .Select(c => char.IsControl(c) || char.IsSurrogate(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator ? '?' : c));

    /// <summary>The identifier in a path segment, or a note on why it is none.</summary>
    /// <remarks>The server decodes a segment once but leaves <c>%2F</c>; the rest is decoded here. No identifier holds a per cent sign.</remarks>
    public static TId? TryRead<TId>(string field, string segment, FieldErrors errors)
        where TId : struct, IId<TId>
    {
        if (TId.TryParse(Uri.UnescapeDataString(segment), out var id, out var why))
        {
            return id;
        }

        errors.Add(field, why);
        return null;
    }
}
