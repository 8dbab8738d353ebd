using System.Reflection;
using EmergencyStop.Venues;

namespace EmergencyStop.Grains.Tests;

/// <summary>A venue adapter of which a test hears before each call, and which then does as ever.</summary>
public class VenueHook : DispatchProxy
{
    private IVenue _inner = null!; // Set by Around.
    private Action<string> _calling = static _ => { };

    public static IVenue Around(IVenue inner, Action<string> calling)
    {
        var venue = Create<IVenue, VenueHook>();
        var hook = (VenueHook)(object)venue;
        (hook._inner, hook._calling) = (inner, calling);
        return venue;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(targetMethod);
        _calling(targetMethod.Name);
        return targetMethod.Invoke(_inner, args);
    }
}
