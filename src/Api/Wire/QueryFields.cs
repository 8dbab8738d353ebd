using System.Globalization;
using EmergencyStop.Ids;
using Microsoft.AspNetCore.Http;

namespace EmergencyStop.Api.Wire;

/// <summary>Reads a query string field by field and notes what is wrong, fields that nobody asked for included.</summary>
internal sealed class QueryFields(IQueryCollection query, FieldErrors errors)
{
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    /// <summary>The text of a field, or <c>null</c>.</summary>
    public string? Text(string field, int longest = 200)
    {
        _asked.Add(field);
        var values = query[field];
        errors.AddIf(values.Count > 1, field, $"{field} is there twice.");
        var text = values.Count == 1 ? values[0] : null;
        errors.AddIf(text?.Length > longest, field, $"{field} has {text?.Length} characters; {longest} is the most.");
        return string.IsNullOrEmpty(text) ? null : text;
    }

    /// <summary>An identifier, or <c>null</c>.</summary>
    public TId? Id<TId>(string field)
        where TId : struct, IId<TId>
    {
        if (Text(field) is not { } text)
        {
            return null;
        }

        if (TId.TryParse(text, out var id, out var why))
        {
            return id;
        }

        errors.Add(field, why);
        return null;
    }

    /// <summary>A whole number within bounds, or <c>null</c>.</summary>
    public int? Number(string field, int least, int most)
    {
        if (Text(field) is not { } text)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        errors.Add(field, $"{field} must be a whole number from {least} to {most}.");
        return null;
    }

    /// <summary>Notes every field that was not asked for: a misspelt filter must not list everything.</summary>
    public void Finish()
    {
        foreach (var field in query.Keys.Where(k => !_asked.Contains(k)))
        {
            errors.Add(field, $"{field} is not a field of this query.");
        }
    }
}
