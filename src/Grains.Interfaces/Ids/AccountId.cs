using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Orleans;

namespace EmergencyStop.Ids;

/// <summary>The account at a venue through which one user's orders go. One user, one account.</summary>
[GenerateSerializer, Immutable, Alias("account-id")]
[JsonConverter(typeof(IdJsonConverter<AccountId>))]
public readonly record struct AccountId : IId<AccountId>
{
    private AccountId(string value) => Value = value;

    /// <inheritdoc/>
    [Id(0)]
    public string Value { get; }

    /// <inheritdoc/>
    public static bool TryParse(string? text, out AccountId id, [NotNullWhen(false)] out string? why)
    {
        var good = IdText.TryCheck(text, "The account id", IdText.MaxName, out why);
        id = good ? new(text!) : default; // TryCheck has refused null.
        return good;
    }

    /// <summary>Reads an identifier.</summary>
    /// <exception cref="ArgumentException">The text is no such identifier.</exception>
    public static AccountId Parse(string? text) =>
        TryParse(text, out var id, out var why) ? id : throw new ArgumentException(why, nameof(text));

    /// <inheritdoc/>
    public override string ToString() => Value ?? string.Empty;
}
