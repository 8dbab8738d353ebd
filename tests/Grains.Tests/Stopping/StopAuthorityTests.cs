using EmergencyStop.Access;
using EmergencyStop.Grains.Stopping;
using EmergencyStop.Ids;
using EmergencyStop.Stopping;

namespace EmergencyStop.Grains.Tests.Stopping;

public sealed class StopAuthorityTests
{
    [Theory]
    [InlineData(Role.Viewer, "USER:alice", false)]
    [InlineData(Role.Engine, "USER:alice", false)]
    [InlineData(Role.Trader, "USER:alice", true)]
    [InlineData(Role.Trader, "USER:bob", false)]
    [InlineData(Role.Trader, "USER:alice/SYMBOL:AAPL", true)]
    [InlineData(Role.Trader, "USER:bob/SYMBOL:AAPL", false)]
    [InlineData(Role.Trader, "SYMBOL:AAPL", false)]
    [InlineData(Role.Trader, "STRATEGY:own", true)]
    [InlineData(Role.Trader, "STRATEGY:other", false)]
    [InlineData(Role.Trader, "SYSTEM", false)]
    [InlineData(Role.RiskOfficer, "SYSTEM", true)]
    [InlineData(Role.RiskOfficer, "STRATEGY:other", true)]
    [InlineData(Role.Admin, "SYMBOL:AAPL", true)]
    public void RefuseStop_ByRoleAndTarget(Role role, string target, bool may)
    {
        var caller = new Caller("k", "n", role, UserId.Parse("alice"));
        UserId? owner = target == "STRATEGY:own" ? UserId.Parse("alice") : UserId.Parse("bob");
        Assert.Equal(may, StopAuthority.RefuseStop(caller, StopTarget.Parse(target), owner) is null);
    }
}
