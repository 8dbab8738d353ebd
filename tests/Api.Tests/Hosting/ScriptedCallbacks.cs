using EmergencyStop.Ids;
using EmergencyStop.Strategies;

namespace EmergencyStop.Api.Tests.Hosting;

/// <summary>Callbacks to hosts named <c>refused…</c> are refused; secrets tell their generation.</summary>
internal sealed class ScriptedCallbacks : ICallbackRules
{
    public ValueTask<string?> WhyNotAsync(Uri url, CancellationToken cancellationToken) =>
        new(url.Host.StartsWith("refused", StringComparison.Ordinal) ? "It is in a network that is not allowed." : null);

    public string SecretOf(StrategyId strategy, int generation) => $"whsec_{strategy}_{generation}";
}
