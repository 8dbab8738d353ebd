using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Risk;

namespace EmergencyStop.Grains.Risk;

/// <summary>The rules as this process knows them: the ledger's, a moment old.</summary>
public sealed class RiskRules(ILedger ledger)
{
    private ImmutableArray<RiskRuleVersion> _rules = [];

    /// <summary>Whether they were read at all.</summary>
    public bool Known { get; private set; }

    /// <summary>Every rule that is watched.</summary>
    public ImmutableArray<RiskRuleVersion> All => _rules;

    /// <summary>Those that watch a user.</summary>
    public IEnumerable<RiskRuleVersion> Of(UserId user) => _rules.Where(r => r.Rule.Covers(user));

    /// <summary>Reads them. While the ledger cannot be read, those known before go on.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        var rules = await ledger.RiskRulesAsync(cancellationToken);
        _rules = [.. rules.Where(r => r is { Deleted: false, Rule.Enabled: true })];
        Known = true;
    }
}
