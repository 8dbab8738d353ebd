namespace EmergencyStop.Venues.Accounts;

/// <summary>Who places an account's orders.</summary>
public enum AccountMode
{
    /// <summary>This service does, through its gate. The default.</summary>
    Trade,

    /// <summary>Other programs do, past the gate. The service only ends their orders, and closes positions, while a stop holds.</summary>
    Watch,
}
