namespace Orleans.Runtime;

/// <summary>Which activation of a grain: no two are alike, however often a grain comes and goes.</summary>
/// <param name="key">The id.</param>
public readonly struct ActivationId(Guid key) : IEquatable<ActivationId>
{
    /// <summary>The id.</summary>
    internal Guid Key { get; } = key;

    /// <summary>Whether nothing was set.</summary>
    public bool IsDefault => Key == Guid.Empty;

    /// <inheritdoc />
    public bool Equals(ActivationId other) => Key == other.Key;

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is ActivationId other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => Key.GetHashCode();

    /// <summary>The id behind an at sign.</summary>
    public override string ToString() => $"@{Key:N}";

    /// <summary>Same activation.</summary>
    public static bool operator ==(ActivationId left, ActivationId right) => left.Equals(right);

    /// <summary>Another activation.</summary>
    public static bool operator !=(ActivationId left, ActivationId right) => !left.Equals(right);
}
