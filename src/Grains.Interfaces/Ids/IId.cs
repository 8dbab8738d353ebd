using System.Diagnostics.CodeAnalysis;

namespace EmergencyStop.Ids;

/// <summary>An identifier that was checked where it entered.</summary>
/// <typeparam name="TSelf">The identifier itself.</typeparam>
public interface IId<TSelf>
    where TSelf : struct, IId<TSelf>
{
    /// <summary>The text of the identifier; <c>null</c> only in a default value, which every edge refuses.</summary>
    string Value { get; }

    /// <summary>Reads an identifier, or says in one sentence why the text is none.</summary>
    static abstract bool TryParse(string? text, out TSelf id, [NotNullWhen(false)] out string? why);

    /// <summary>Reads an identifier.</summary>
    /// <exception cref="ArgumentException">The text is no such identifier.</exception>
    static virtual TSelf Parse(string? text) =>
        TSelf.TryParse(text, out var id, out var why) ? id : throw new ArgumentException(why, nameof(text));
}
