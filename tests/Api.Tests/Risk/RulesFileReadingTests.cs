using EmergencyStop.Api.Risk;
using EmergencyStop.Risk;

namespace EmergencyStop.Api.Tests.Risk;

public sealed class RulesFileReadingTests
{
    [Theory]
    [InlineData("""
        reason: agreed
        rules:
          - id: dd     # everybody's
            kind: drawdown
            threshold: 7.5
            warn_at: [50]
            action: stop
        """)]
    [InlineData("""{"reason": "agreed", "rules": [{"id": "dd", "kind": "drawdown", "threshold": 7.5, "warn_at": [50], "action": "stop"}]}""")]
    public void YamlAndJson_AreRead(string text)
    {
        var read = RulesFileReading.Read(text);
        var (rule, reason) = Assert.Single(read.Rules);
        Assert.Empty(read.Wrong);
        Assert.Equal(("dd", RiskRuleKind.Drawdown, 7.5m, "agreed"), (rule.Id.Value, rule.Kind, rule.Threshold, reason));
    }

    [Theory]
    [InlineData("rules:\n  - id: a\n    kind: drawdown\n    treshold: 5\n    action: stop", "line 4: rules[0].treshold: this is not a field of a rule.")]
    [InlineData("rules:\n  - id: a\n    kind: drawdown\n    threshold: 5\n    action: halt", "line 5: rules[0].action: It must be one of warn, stop.")]
    [InlineData("rules:\n  - id: a\n    kind: drawdown\n    threshold: five\n    action: stop", "line 4: rules[0].threshold: it cannot be read as what it should be.")]
    [InlineData("rules:\n  - id: a\n    kind: drawdown\n    threshold: -5\n    action: stop", "line 4: threshold: threshold must be above 0 and at most 100.")]
    [InlineData("rules:\n  - kind: drawdown\n    threshold: 5\n    action: stop", "line 2: id: id is missing.")]
    [InlineData("rules: []\nreasn: x", "line 2: reasn: this is not a field of a rule.")]
    [InlineData("rules:\n  - id: a\n    kind: [", "line 4: this is neither YAML nor JSON")]
    [InlineData("", "line 1: rules: the file must hold a list named rules")]
    [InlineData("rules: []\n---\nrules: []", "line 3: this is neither YAML nor JSON: ")]
    [InlineData("a: &a\n  b: *a", "")]
    [InlineData("rules:\n  - &r\n    id: a\n    kind: drawdown\n    threshold: 5\n    action: stop\n  - *r", "line 3: id: a is there twice.")]
    public void WhatIsWrong_NamesLineAndField_AndNothingIsTaken(string text, string why)
    {
        var read = RulesFileReading.Read(text);
        Assert.Empty(read.Rules);
        Assert.Contains(why, string.Join('\n', read.Wrong), StringComparison.Ordinal);
        Assert.NotEmpty(read.Wrong);
    }

    [Fact]
    public void EveryMistake_IsNamed() => Assert.Equal(
        3, RulesFileReading.Read("rules:\n  - id: a\n    kind: drawdown\n    threshold: 0\n    action: stop\n  - id: b\n    kind: order_rate\n    threshold: 0.5\n    window_ms: 1\n    action: stop").Wrong.Length);

    [Fact]
    public void AnEmptyList_TakesEveryRuleOfTheFileAway() => Assert.Empty(RulesFileReading.Read("rules: []").Wrong);
}
