using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Api.Console.Pages;
using EmergencyStop.Runtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmergencyStop.Api.Console;

/// <summary>The pages at their paths.</summary>
public static class ConsoleEndpoints
{
    /// <summary>Maps the page that shows the grains at work, for a host that has none of its own.</summary>
    public static void MapGrainPage(this IEndpointRouteBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapGet(ConsolePaths.Dashboard, async (HttpContext http, IRuntimeFigures figures, TimeProvider time) =>
                ConsolePage.Of<DashboardPage>(new DashboardModel(http.Caller, time.GetUtcNow(), await figures.ReadAsync(http.RequestAborted))))
            .ExcludeFromDescription()
            .RequireAuthorization(ConsoleRegistration.Policy)
            .AddEndpointFilter<RouteHandlerBuilder, ConsoleFilter>()
            .Requires(Deed.Read);
    }

    /// <summary>Maps every other page.</summary>
    internal static void MapConsole(this IEndpointRouteBuilder app)
    {
        ConsoleAssets.Map(app);
        var anybody = app.MapGroup(string.Empty).ExcludeFromDescription().AddEndpointFilter<RouteGroupBuilder, ConsoleFilter>();
        var pages = app.MapGroup(string.Empty).ExcludeFromDescription().RequireAuthorization(ConsoleRegistration.Policy).AddEndpointFilter<RouteGroupBuilder, ConsoleFilter>();
        SignInEndpoints.Map(anybody, pages);
        OverviewEndpoint.Map(pages);
        StopPressEndpoints.Map(pages);
        StopPageEndpoints.Map(pages);
        StopDeedEndpoints.Map(pages);
        ListEndpoints.Map(pages);
    }
}
