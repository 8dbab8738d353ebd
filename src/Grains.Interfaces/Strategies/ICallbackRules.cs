using EmergencyStop.Ids;

namespace EmergencyStop.Strategies;

/// <summary>Where strategies may be called, and what their notices are signed with.</summary>
public interface ICallbackRules
{
    /// <summary>Why this URL may not be called, in a sentence, or <c>null</c>. A name that does not resolve now is let be: it is looked at again with every call.</summary>
    ValueTask<string?> WhyNotAsync(Uri url, CancellationToken cancellationToken);

    /// <summary>The strategy's secret of this generation: <c>whsec_</c> and 256 bits in base64. To be shown to its owner only, and never logged.</summary>
    string SecretOf(StrategyId strategy, int generation);
}
