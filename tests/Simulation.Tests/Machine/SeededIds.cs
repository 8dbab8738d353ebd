using System.Globalization;
using EmergencyStop.Ids;

namespace EmergencyStop.Simulation.Tests.Machine;

/// <summary>Ids that count: unique in the history, whichever process makes them.</summary>
public sealed class SeededIds : IIdSource
{
    private int _orders;
    private int _stops;

    public OrderId NewOrderId() => OrderId.Parse(string.Create(CultureInfo.InvariantCulture, $"o-{++_orders:D4}"));

    public StopId NewStopId() => StopId.Parse(string.Create(CultureInfo.InvariantCulture, $"s-{++_stops:D3}"));
}
