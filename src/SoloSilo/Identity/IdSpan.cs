namespace Orleans.Runtime;

/// <summary>A part of a grain's identity.</summary>
public readonly struct IdSpan : IEquatable<IdSpan>, IComparable<IdSpan>
{
    private readonly string? _value;

    private IdSpan(string value) => _value = value;

    /// <summary>Whether nothing was set.</summary>
    public bool IsDefault => string.IsNullOrEmpty(_value);

    /// <summary>Makes one of <paramref name="id"/>.</summary>
    public static IdSpan Create(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return new IdSpan(id);
    }

    /// <inheritdoc />
    public bool Equals(IdSpan obj) => string.Equals(_value ?? "", obj._value ?? "", StringComparison.Ordinal);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is IdSpan other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => (_value ?? "").GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc />
    public int CompareTo(IdSpan other) => string.CompareOrdinal(_value ?? "", other._value ?? "");

    /// <summary>The text it was made of.</summary>
    public override string ToString() => _value ?? "";

    /// <summary>Same text.</summary>
    public static bool operator ==(IdSpan left, IdSpan right) => left.Equals(right);

    /// <summary>Another text.</summary>
    public static bool operator !=(IdSpan left, IdSpan right) => !left.Equals(right);

    /// <summary>Ordinal order.</summary>
    public static bool operator <(IdSpan left, IdSpan right) => left.CompareTo(right) < 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >(IdSpan left, IdSpan right) => left.CompareTo(right) > 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator <=(IdSpan left, IdSpan right) => left.CompareTo(right) <= 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >=(IdSpan left, IdSpan right) => left.CompareTo(right) >= 0;
}
