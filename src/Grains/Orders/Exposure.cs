namespace EmergencyStop.Grains.Orders;

/// <summary>Signed exposure arithmetic, with everything in flight (F18). Pure.</summary>
public static class Exposure
{
    /// <summary>How much of an order only reduces a position, whatever else that is working fills first.</summary>
    /// <param name="position">Signed position.</param>
    /// <param name="wanted">Signed quantity of the order.</param>
    /// <param name="working">Signed remaining quantities of the other working and in-flight orders of the symbol.</param>
    /// <returns>The unsigned quantity, 0 to |wanted|, that can never take the position past zero.</returns>
    public static decimal Reducible(decimal position, decimal wanted, IEnumerable<decimal> working)
    {
        if (position == 0 || wanted == 0 || Math.Sign(position) == Math.Sign(wanted))
        {
            return 0;
        }

        // Only orders on the same side as this one compete with it for the position; the others can only add room.
        var competing = working.Where(w => Math.Sign(w) == Math.Sign(wanted)).Sum(Math.Abs);
        return Math.Clamp(Math.Abs(position) - competing, 0, Math.Abs(wanted));
    }

    /// <summary>How much of a strategy's attributed position can be traded away so that it reduces the account's.</summary>
    /// <param name="account">The account's signed position at the venue.</param>
    /// <param name="attributed">The strategy's signed part of it.</param>
    /// <returns>Signed quantity to trade (opposite to the position), and the unsigned rest that other strategies net out.</returns>
    public static (decimal Trade, decimal Netted) StrategyShare(decimal account, decimal attributed)
    {
        if (attributed == 0)
        {
            return (0, 0);
        }

        if (Math.Sign(account) != Math.Sign(attributed))
        {
            return (0, Math.Abs(attributed));
        }

        var size = Math.Min(Math.Abs(account), Math.Abs(attributed));
        return (-Math.Sign(account) * size, Math.Abs(attributed) - size);
    }
}
