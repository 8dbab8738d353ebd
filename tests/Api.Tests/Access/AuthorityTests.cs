using EmergencyStop.Access;
using EmergencyStop.Api.Tests.Hosting;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;

namespace EmergencyStop.Api.Tests.Access;

public sealed class AuthorityTests
{
    // Every role against every deed: - not at all, o in the own book, a everywhere.
    private const string Table = """
                      viewer engine trader risk_officer admin
        Read             a      a      o        a         a
        PlaceOrder       -      a      o        -         a
        CancelOrder      -      a      o        a         a
        RegisterStrategy -      a      o        -         a
        Stop             -      -      o        a         a
        Release          -      -      o        a         a
        Resume           -      -      o        a         a
        Waive            -      -      -        a         a
        Except           -      -      -        a         a
        PassGate         -      -      -        a         a
        WriteRules       -      -      -        a         a
        Beat             -      a      o        a         a
        SettleEvent      -      -      -        a         a
        """;

    private static readonly Role[] Columns = [Role.Viewer, Role.Engine, Role.Trader, Role.RiskOfficer, Role.Admin];

    public static TheoryData<Deed, Role, Reach> Cells
    {
        get
        {
            var cells = new TheoryData<Deed, Role, Reach>();
            foreach (var line in Table.Split('\n').Skip(1).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
            {
                for (var i = 0; i < Columns.Length; i++)
                {
                    cells.Add(Enum.Parse<Deed>(line[0]), Columns[i], line[i + 1] switch { "a" => Reach.All, "o" => Reach.Own, _ => Reach.None });
                }
            }

            return cells;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void EveryRole_ReachesWhatTheTableSays(Deed deed, Role role, Reach reach)
    {
        Assert.Equal(reach, Authority.Of(role, deed));
        Assert.Equal(reach != Reach.None, Authority.Allows(Rows.Caller(role, Rows.Alice), deed, Rows.Alice));
        Assert.Equal(reach == Reach.All, Authority.Allows(Rows.Caller(role, Rows.Alice), deed, Rows.Bob));
        Assert.Equal(reach == Reach.All, Authority.Allows(Rows.Caller(role, Rows.Alice), deed, null));
    }

    [Fact]
    public void Table_HoldsEveryDeedAndRole() =>
        Assert.Equal(Enum.GetValues<Deed>().Length * Enum.GetValues<Role>().Length, Cells.Count);

    [Fact]
    public void Trader_WithoutAUser_ReachesNothing() =>
        Assert.All(Enum.GetValues<Deed>(), d => Assert.False(Authority.Allows(Rows.Caller(Role.Trader), d, null)));

    [Theory]
    [InlineData(Role.Trader, "alice", Role.Trader, "alice", true)]
    [InlineData(Role.Trader, "alice", Role.RiskOfficer, "alice", false)] // A risk officer's stop is not the trader's, whoever's user it names.
    [InlineData(Role.Trader, "alice", Role.Trader, "bob", false)]
    [InlineData(Role.Trader, "bob", Role.Trader, "bob", false)] // Not bob's strategy.
    [InlineData(Role.RiskOfficer, null, Role.Admin, null, true)]
    [InlineData(Role.Admin, null, Role.RiskOfficer, null, true)]
    [InlineData(Role.Engine, null, Role.Admin, null, false)]
    [InlineData(Role.Viewer, null, Role.Admin, null, false)]
    public void Resume_OfAlicesStrategy(Role role, string? user, Role engagedRole, string? engagedUser, bool allowed)
    {
        var stop = Rows.Stop("stop-1", StopTarget.Of(Rows.Alice), Caller(engagedRole, engagedUser));
        var strategy = Rows.Strategy(Rows.S1, Rows.Alice, new StrategyPause(Rows.S1, stop.Target, stop.Id, 8));

        Assert.Equal(allowed, Authority.WhyNotResume(Caller(role, user), strategy, [stop]) is null);
    }

    private static Caller Caller(Role role, string? user) => Rows.Caller(role, user is null ? null : Ids.UserId.Parse(user));
}
