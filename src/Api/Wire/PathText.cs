using EmergencyStop.Ids;

namespace EmergencyStop.Api.Wire;

/// <summary>Reads identifiers out of paths.</summary>
internal static class PathText
{
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
