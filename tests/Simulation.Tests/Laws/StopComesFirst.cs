using EmergencyStop.Ids;

namespace EmergencyStop.Simulation.Tests.Laws;

/// <summary>Law 8: an engage waits for at most the one commit under way.</summary>
public sealed class StopComesFirst(Sight sight) : Witness(sight)
{
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
}
