using Microsoft.AspNetCore.Builder;

namespace EmergencyStop.Api.Access;

/// <summary>Says that an endpoint serves stops, and so takes a key from the mirror while the ledger cannot be read.</summary>
internal sealed record WorksWithoutLedger;

/// <summary>Registration of the mark.</summary>
internal static class WithoutLedgerRegistration
{
    /// <summary>Takes keys from the mirror while the ledger cannot be read.</summary>
    public static TBuilder AlsoWithoutLedger<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new WorksWithoutLedger());
}
