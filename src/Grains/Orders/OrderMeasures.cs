using System.Diagnostics;
using System.Diagnostics.Metrics;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Telemetry;

namespace EmergencyStop.Grains.Orders;

/// <summary>What is measured about orders at the gate: counters only, as this is on every order's way.</summary>
internal static class OrderMeasures
{
    private static readonly Counter<long> Admitted =
        ServiceTelemetry.Meter.CreateCounter<long>("emergency_stop.orders.admitted", "{order}", "Orders let through the gate.");

    private static readonly Counter<long> Refused = ServiceTelemetry.Meter.CreateCounter<long>(
        "emergency_stop.gate.refusals", "{order}", "Orders refused at the gate, by the scope of what refuses and the cause: gate_closed, strategy_paused, ledger_unavailable.");

    /// <summary>The ledger has answered an admission.</summary>
    public static void Saw(AdmitAnswer answer)
    {
        switch (answer)
        {
            case AdmitAnswer.Admitted:
                Admitted.Add(1);
                break;
            case AdmitAnswer.GateClosed closed:
                Refuse(ServiceTelemetry.ScopeOf(closed.By.Target), "gate_closed");
                break;
            case AdmitAnswer.StrategyPaused paused:
                Refuse(ServiceTelemetry.ScopeOf(paused.By.Target), "strategy_paused");
                break;
        }
    }

    /// <summary>The ledger could not be written, so nothing was admitted.</summary>
    public static void LedgerUnavailable() => Refuse("none", "ledger_unavailable");

    private static void Refuse(string scope, string cause)
    {
        if (Refused.Enabled)
        {
            Refused.Add(1, new TagList { { "scope", scope }, { "cause", cause } });
        }
    }
}
