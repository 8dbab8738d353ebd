using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Simulation.Tests.Scenarios;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Laws;

/// <summary>Law 8: an engage is asked for as soon as its process hears of the press, and then waits for at most the one commit under way.</summary>
public sealed class StopComesFirst(Sight sight) : Witness(sight)
{
    /// <summary>The way to the process, and nothing else.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(1);

    /// <inheritdoc/>
    public override void Asked(string what, string process)
    {
        if (what != "engage")
        {
            return;
        }

        TimeSpan? last = null;
        for (var i = Sight.Presses.Count - 1; i >= 0; i--)
        {
            if (Sight.Presses[i] is { Act: Act.Press press } heard && heard.Process == process)
            {
                if (Sight.Now - heard.Asked <= AtOnce || !Sight.HasRun(process, heard.Asked) || IsAsked(press))
                {
                    return;
                }

                last ??= heard.Asked;
            }
        }

        Sight.Broken(8, $"{process} asks the ledger to engage a stop {(Sight.Now - (last ?? TimeSpan.Zero)).TotalMilliseconds:F3} ms after it last heard of a press");
    }

    /// <summary>An urgent commit was carried out.</summary>
    /// <param name="what">What it was.</param>
    /// <param name="before">How many commits had begun when it came.</param>
    /// <param name="begun">How many have begun now, itself included.</param>
    public void Engaged(string what, long before, long begun)
    {
        if (begun > before + 1)
        {
            Sight.Broken(8, $"{what} waited for {begun - before} commits that began after it had come");
        }
    }

    /// <summary>Whose strategy it is decides whether a trader may stop it: that is read before.</summary>
    private static bool IsAsked(Act.Press press) => press.Request is { RequestedBy.Role: Role.Trader, Target.Strategy: not null };
}
