namespace EmergencyStop.Ids;

/// <summary>Where new identifiers come from; a seeded one makes a run repeatable.</summary>
public interface IIdSource
{
    /// <summary>A new order id, never given before. Best if later ones sort after earlier ones: the ledger then writes fewer pages.</summary>
    OrderId NewOrderId();

    /// <summary>A new stop id, never given before.</summary>
    StopId NewStopId();
}
