using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Risk;

namespace EmergencyStop.Grains.Risk;

/// <summary>Every rule over one user: one seat each, or one for each strategy that is counted by itself.</summary>
internal sealed class RiskSeats(UserId user)
{
    private readonly Dictionary<(RiskRuleId Rule, StrategyId? Strategy), RiskSeat> _seats = [];
    private readonly Dictionary<(RiskRuleId Rule, StrategyId? Strategy), RiskWatch> _rows = [];

    /// <summary>The seats, by rule and strategy.</summary>
    public IReadOnlyCollection<RiskSeat> All => [.. _seats.Values
        .OrderBy(s => s.Watch.Rule.Value, StringComparer.Ordinal).ThenBy(s => s.Watch.Strategy?.Value, StringComparer.Ordinal)];

    /// <summary>Takes the ledger's rows: at the start, or after another activation has written.</summary>
    public void Take(IEnumerable<RiskWatch> rows)
    {
        foreach (var row in rows)
        {
            _rows[(row.Rule, row.Strategy)] = row;
            if (_seats.TryGetValue((row.Rule, row.Strategy), out var seat) && seat.Saved.Revision < row.Revision)
            {
                seat.Take(row);
            }
        }
    }

    /// <summary>Takes the rules as they are now.</summary>
    public void Take(IEnumerable<RiskRuleVersion> rules, DateTimeOffset now)
    {
        var standing = rules.ToDictionary(r => r.Rule.Id);
        foreach (var (key, seat) in _seats.ToArray())
        {
            if (!standing.TryGetValue(key.Rule, out var rule) || !Sits(rule.Rule, key.Strategy) || (rule.Rule.PerStrategy && seat.IsIdle))
            {
                _rows[key] = seat.Saved;
                _seats.Remove(key);
            }
            else
            {
                seat.Take(rule);
            }
        }

        foreach (var rule in standing.Values)
        {
            if (!rule.Rule.PerStrategy)
            {
                Seat(rule, rule.Rule.Strategy, now);
            }

            foreach (var row in _rows.Values.Where(r => r.Rule == rule.Rule.Id && Sits(rule.Rule, r.Strategy) && r.Standing != RiskStanding.Watching).ToImmutableArray())
            {
                Seat(rule, row.Strategy, now);
            }
        }
    }

    /// <summary>Counts orders, each where it belongs.</summary>
    public void Count(IEnumerable<RiskRuleVersion> rules, ImmutableArray<RiskOrderEvent> events, DateTimeOffset now)
    {
        var perStrategy = rules.Where(r => r.Rule is { IsRate: true, PerStrategy: true }).ToImmutableArray();
        foreach (var order in events)
        {
            foreach (var rule in perStrategy.Where(_ => order.Strategy is not null))
            {
                Seat(rule, order.Strategy, now);
            }

            foreach (var seat in _seats.Values)
            {
                seat.Count(order);
            }
        }
    }

    private static bool Sits(RiskRule rule, StrategyId? strategy) => rule.PerStrategy ? strategy is not null : rule.Strategy == strategy;

    private void Seat(RiskRuleVersion rule, StrategyId? strategy, DateTimeOffset now)
    {
        var key = (rule.Rule.Id, strategy);
        if (!_seats.ContainsKey(key))
        {
            _seats[key] = new(rule, _rows.GetValueOrDefault(key) ?? new RiskWatch(rule.Rule.Id, user, strategy, rule.Version, now));
        }
    }
}
