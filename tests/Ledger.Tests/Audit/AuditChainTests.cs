using EmergencyStop.Ledger.Audit;

namespace EmergencyStop.Ledger.Tests.Audit;

public sealed class AuditChainTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 2, 9, 30, 0, TimeSpan.Zero);

    [Fact]
    public void Hash_IsFrozen() => Assert.Equal(
        "2a42b49ef175a4b51e53ef86043bc37513b6904f1be61d0928c1cace0fcdc49d",
        AuditChain.Hash(AuditChain.Beginning, 1, new(At, "officer", "stop.engaged", "stop-1", "{}")));

    [Fact]
    public void Hash_TellsNeighbouringFieldsApart()
    {
        var one = AuditChain.Hash(AuditChain.Beginning, 1, new(At, "ab", "c", "s", "{}"));
        var other = AuditChain.Hash(AuditChain.Beginning, 1, new(At, "a", "bc", "s", "{}"));

        Assert.NotEqual(one, other);
    }

    [Fact]
    public void Verify_OfAnEmptyChain_Holds() => Assert.Equal(new AuditVerdict(0, null, null), AuditChain.Verify([], 0, AuditChain.Beginning));
}
