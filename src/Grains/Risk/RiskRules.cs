using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Risk;

namespace EmergencyStop.Grains.Risk;

/// <summary>The rules as this process knows them: the ledger's, a moment old.</summary>
public sealed class RiskRules(ILedger ledger)
{
    private Snapshot _now = new([], [], Enumerable.Empty<RiskRuleVersion>().ToLookup(static r => r.Rule.User));

    /// <summary>Every rule that is watched.</summary>
    public ImmutableArray<RiskRuleVersion> All => _now.All;

    /// <summary>Those that watch a user.</summary>
    public IEnumerable<RiskRuleVersion> Of(UserId user)
    {
        var now = _now;
        return now.Everybodys.Concat(now.ByUser[user]);
    }

    /// <summary>Reads them. While the ledger cannot be read, those known before go on.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        var rules = (await ledger.RiskRulesAsync(cancellationToken)).Where(r => r is { Deleted: false, Rule.Enabled: true }).ToImmutableArray();
        _now = new(rules, [.. rules.Where(r => r.Rule.User is null)], rules.ToLookup(r => r.Rule.User));
    }

    private sealed record Snapshot(
        ImmutableArray<RiskRuleVersion> All, ImmutableArray<RiskRuleVersion> Everybodys, ILookup<UserId?, RiskRuleVersion> ByUser);
}
