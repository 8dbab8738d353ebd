namespace EmergencyStop.Venues.Accounts;

/// <summary>How an account shows itself at the venue.</summary>
/// <param name="Id">The key id.</param>
/// <param name="Secret">The secret.</param>
public sealed record AccountKey(string Id, string Secret)
{
    /// <summary>The key id only: a secret is never written anywhere.</summary>
    public override string ToString() => Id;
}
