using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Ledger.Gate;

namespace EmergencyStop.Silo.Hosting;

/// <summary>A ledger that could not be opened: whatever is asked of it is refused, so that nothing is admitted and every stop brakes.</summary>
/// <remarks>A proxy, as there is one answer to every question; a member that the contract gains later is refused as well.</remarks>
[SuppressMessage("Performance", "CA1852:Seal internal types", Justification = "A dispatch proxy is derived from at run time.")]
internal class AbsentLedger : DispatchProxy
{
    private string _why = string.Empty;

    /// <summary>A ledger that is not there, and why.</summary>
    public static ILedger Because(string why)
    {
        var ledger = Create<ILedger, AbsentLedger>();
        ((AbsentLedger)(object)ledger)._why = why;
        return ledger;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod?.Name switch
    {
        "get_" + nameof(ILedger.Gate) => GateView.Unread,
        "get_" + nameof(IBrakeLedger.RemembersOrders) => false,
        "get_" + nameof(IBrakeLedger.LastRemembered) => 0L,
        nameof(IBrakeLedger.Recall) => null,
        nameof(IBrakeLedger.RememberedUsers) => ImmutableArray<UserId>.Empty,
        nameof(ILedger.HealthAsync) => new ValueTask<LedgerHealth>(new LedgerHealth("absent", false, _why)),
        _ => throw new LedgerUnavailableException(_why),
    };
}
