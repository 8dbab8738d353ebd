using EmergencyStop.Ids;

namespace EmergencyStop.Events;

/// <summary>Which traders hear of an event; everybody else who may read hears of all.</summary>
public readonly record struct EventAudience
{
    private EventAudience(string value) => Value = value;

    /// <summary>No trader.</summary>
    public static EventAudience Desk { get; } = new("desk");

    /// <summary>Every trader.</summary>
    public static EventAudience Everybody { get; } = new("everybody");

    /// <summary>As it is stored.</summary>
    public string Value { get; }

    /// <summary>The trader whose book it is about; nobody's book is the desk's.</summary>
    public static EventAudience Of(UserId? user) => user is { } book ? new($"user:{book.Value}") : Desk;

    /// <summary>The trader behind this account.</summary>
    public static EventAudience Of(AccountId account) => new($"account:{account.Value}");

    /// <summary>Reads what was stored.</summary>
    public static EventAudience Stored(string value) => new(value);

    /// <summary>Whether a trader with this book and account hears of it.</summary>
    public bool Includes(UserId user, AccountId? account) =>
        this == Everybody || this == Of(user) || (account is { } own && this == Of(own));

    /// <inheritdoc/>
    public override string ToString() => Value ?? string.Empty;
}
