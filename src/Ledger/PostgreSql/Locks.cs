using EmergencyStop.Ledger.Rows;

namespace EmergencyStop.Ledger.PostgreSql;

/// <summary>The ledger's advisory locks; they belong to one database.</summary>
internal static class Locks
{
    /// <summary>The first number of each.</summary>
    public const int Ledger = 18_771;

    /// <summary>Shared to admit, exclusive to change the gate.</summary>
    public const int Gate = 1;

    /// <summary>Held by the one transaction that works in steps of a client: everything but admitting and engaging.</summary>
    public const int Writer = 2;

    /// <summary>Held while the schema is brought up to date.</summary>
    public const int Schema = 3;

    /// <summary>Held, as long as it is connected, by a service that is alone on the ledger.</summary>
    public const int Alone = 4;

    /// <summary>The two numbers of a lock, as the server's functions take them.</summary>
    public static string Of(int which) => string.Create(Values.Invariant, $"{Ledger}, {which}");
}
