using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EmergencyStop.Venues.Tests.Alpaca;

/// <summary>A venue that answers what a test tells it to, for answers that the simulated one never gives.</summary>
internal sealed class CannedVenue : IAsyncDisposable
{
    private readonly WebApplication _app;

    private CannedVenue(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.First());

    public static async Task<CannedVenue> StartAsync(Func<HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(http => answer(http));
        await app.StartAsync();
        return new(app);
    }

    public static Task<CannedVenue> StartAsync(int status, string json) => StartAsync(async http =>
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(json);
    });

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
