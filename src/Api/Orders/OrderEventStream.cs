using System.Globalization;
using System.Text;
using System.Text.Json;
using EmergencyStop.Api.Wire;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Orders;
using Microsoft.AspNetCore.Http;

namespace EmergencyStop.Api.Orders;

/// <summary>One follower's stream: page after page from the ledger, woken by the commits that bring changes.</summary>
/// <remarks>
/// Nothing is kept here: where a follower is, its last event id says. So a stream that breaks, or a service that restarts,
/// loses nothing, and the one that connects again hears at least once of everything after that id.
/// </remarks>
internal sealed class OrderEventStream(
    ILedger ledger, OrderEventQuery query, OrderEventPage first, TimeSpan heartbeat, TimeProvider time, CancellationToken ending) : IResult
{
    /// <summary>A busy market commits hundreds of times a second; a follower reads at most this often.</summary>
    private static readonly TimeSpan BetweenPages = TimeSpan.FromMilliseconds(10);

    private static readonly byte[] Heartbeat = ": heartbeat\n\n"u8.ToArray();

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        httpContext.Response.ContentType = "text/event-stream";
        httpContext.Response.Headers.CacheControl = "no-cache,no-store";
        httpContext.Response.Headers["X-Accel-Buffering"] = "no";
        using var either = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, ending);
        try
        {
            await FollowAsync(httpContext.Response.Body, either.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or LedgerUnavailableException or IOException)
        {
            // The stream ends; whoever still listens connects again and goes on after the last id.
        }
    }

    private async Task FollowAsync(Stream to, CancellationToken cancellationToken)
    {
        await WriteAsync(to, "ready", new(query.After, null, null, null), cancellationToken);
        for (var page = first; ;)
        {
            var after = page.Through;
            if (page.Events.Length > 0)
            {
                await to.WriteAsync(Text(page), cancellationToken);
                await to.FlushAsync(cancellationToken);
            }

            if (after >= page.Last)
            {
                await WaitAsync(to, after, cancellationToken);
            }

            page = await ledger.OrderEventsAsync(query with { After = after }, cancellationToken);
            if (after + 1 < page.Oldest)
            {
                await WriteAsync(to, "gone", new(after, null, null, null), cancellationToken);
                return;
            }
        }
    }

    /// <summary>Waits for the next commit with changes, with heartbeats in between so that a dead follower is noticed.</summary>
    private async Task WaitAsync(Stream to, long after, CancellationToken cancellationToken)
    {
        var news = ledger.OrderEventsAfterAsync(after, cancellationToken);
        while (!news.IsCompleted)
        {
            try
            {
                await news.WaitAsync(heartbeat, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                await to.WriteAsync(Heartbeat, cancellationToken);
                await to.FlushAsync(cancellationToken);
            }
        }

        await news;
        await Task.Delay(BetweenPages, time, cancellationToken);
    }

    private static async Task WriteAsync(Stream to, string name, OrderEventResponse body, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        Append(text, name, body);
        await to.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellationToken);
        await to.FlushAsync(cancellationToken);
    }

    private static byte[] Text(OrderEventPage page)
    {
        var text = new StringBuilder();
        foreach (var one in page.Events)
        {
            Append(text, Words<OrderEventKind>.Of(one.Kind), OrderEventResponse.Of(one));
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>JSON has no line breaks of its own, so one data line holds it.</summary>
    private static void Append(StringBuilder text, string name, OrderEventResponse body) => text
        .Append(CultureInfo.InvariantCulture, $"id: {body.EventId}\nevent: {name}\ndata: ")
        .Append(JsonSerializer.Serialize(body, ApiJson.Options)).Append("\n\n");
}
