using EmergencyStop.Api.Errors;

namespace EmergencyStop.Api.Wire;

/// <summary>What is wrong with a request, by field; collected so that the caller hears of everything at once.</summary>
internal sealed class FieldErrors
{
    private readonly List<(string Field, string Why)> _found = [];

    /// <summary>Whether something is wrong.</summary>
    public bool Any => _found.Count > 0;

    /// <summary>What is wrong, in the order found.</summary>
    public IReadOnlyList<(string Field, string Why)> Found => _found;

    /// <summary>Notes what is wrong with a field.</summary>
    public void Add(string field, string why) => _found.Add((field, why));

    /// <summary>Notes it if the condition holds.</summary>
    public void AddIf(bool wrong, string field, string why)
    {
        if (wrong)
        {
            Add(field, why);
        }
    }

    /// <summary>The value, or a note that the field is missing.</summary>
    public T Required<T>(string field, T? value)
        where T : struct
    {
        AddIf(value is null, field, $"{field} is missing.");
        return value.GetValueOrDefault();
    }

    /// <summary>The answer to the request.</summary>
    public Problem ToProblem() => Problems.ValidationFailed(_found);
}
