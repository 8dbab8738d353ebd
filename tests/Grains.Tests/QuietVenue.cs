using System.Reflection;
using System.Runtime.ExceptionServices;
using EmergencyStop.Venues;

namespace EmergencyStop.Grains.Tests;

/// <summary>The simulated venue as one that does not tell of changes: it has to be polled.</summary>
public class QuietVenue : DispatchProxy
{
    private IVenue _inner = null!; // Set by Around.

    public static IVenue Around(IVenue inner)
    {
        var venue = Create<IVenue, QuietVenue>();
        ((QuietVenue)(object)venue)._inner = inner;
        return venue;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(targetMethod);
        try
        {
            var answer = targetMethod.Invoke(_inner, args);
            return answer is VenueDescription description ? description with { PushesUpdates = false } : answer;
        }
        catch (TargetInvocationException e) when (e.InnerException is { } inner)
        {
            ExceptionDispatchInfo.Throw(inner);
            throw;
        }
    }
}
