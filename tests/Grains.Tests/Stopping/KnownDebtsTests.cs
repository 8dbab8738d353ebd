using EmergencyStop.Grains.Stopping;
using EmergencyStop.Ids;

namespace EmergencyStop.Grains.Tests.Stopping;

/// <summary>A stop whose debts grow fewer goes on at once; one that gets nowhere waits longer and longer.</summary>
public sealed class KnownDebtsTests
{
    private static readonly StopId Stop = StopId.Parse("s-1");
    private static readonly StopId Other = StopId.Parse("s-2");

    [Fact]
    public void Barren_IsOne_AfterEachPassThatLeavesLessThanEver()
    {
        var debts = new KnownDebts(TimeProvider.System);
        int[] owed = [10, 10, 10, 7, 7, 9, 8, 6, 0];
        Assert.Equal([1, 2, 3, 1, 2, 3, 4, 1, 1], owed.Select(n => debts.Barren(Stop, n, begins: false)));
    }

    [Fact]
    public void Barren_IsOfOneStop_AndBeginsAnewWithIt()
    {
        var debts = new KnownDebts(TimeProvider.System);
        debts.Barren(Stop, 3, begins: true);
        Assert.Equal(2, debts.Barren(Stop, 3, begins: false));
        Assert.Equal(1, debts.Barren(Other, 3, begins: false));
        Assert.Equal(1, debts.Barren(Stop, 5, begins: true));
        Assert.Equal(1, debts.Barren(Stop, 4, begins: false));
        debts.Forget(Stop);
        Assert.Equal(1, debts.Barren(Stop, 9, begins: false));
    }
}
