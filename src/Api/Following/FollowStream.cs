using System.Globalization;
using System.Text;
using EmergencyStop.Ledger;
using Microsoft.AspNetCore.Http;

namespace EmergencyStop.Api.Following;

/// <summary>One follower's stream: page after page from the ledger, woken by the commits that bring news.</summary>
/// <remarks>
/// Nothing is kept here: where a follower is, its last event id says. So a stream that breaks, or a service that restarts,
/// loses nothing, and the one that connects again hears at least once of everything after that id.
/// </remarks>
internal sealed class FollowStream<T>(Followed<T> what, long after, FollowedPage<T> first, TimeSpan heartbeat, TimeProvider time, CancellationToken ending) : IResult
{
    /// <summary>A busy market commits hundreds of times a second; a follower reads at most this often.</summary>
    private static readonly TimeSpan BetweenPages = TimeSpan.FromMilliseconds(10);

    private static readonly byte[] Heartbeat = ": heartbeat\n\n"u8.ToArray();

    private Task? _news;

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
        await WriteAsync(to, what.Mark(after, "ready"), cancellationToken);
        for (var page = first; ;)
        {
            var through = page.Through;
            if (page.Items.Count > 0)
            {
                await WriteAsync(to, page.Items.Select(what.Show), cancellationToken);
            }

            if (through >= page.Last)
            {
                await WaitAsync(to, through, cancellationToken);
            }

            page = await what.ReadAsync(through, cancellationToken);
            if (through + 1 < page.Oldest)
            {
                await WriteAsync(to, what.Mark(through, "gone"), cancellationToken);
                return;
            }
        }
    }

    /// <summary>Waits for the next commit with news. A silence is filled by a comment, so that a dead follower is noticed, and then looked into: another process may have written.</summary>
    private async Task WaitAsync(Stream to, long through, CancellationToken cancellationToken)
    {
        _news = _news is { IsCompleted: false } ? _news : what.NewsAsync(through, cancellationToken);
        try
        {
            await _news.WaitAsync(heartbeat, time, cancellationToken);
            await Task.Delay(BetweenPages, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            await to.WriteAsync(Heartbeat, cancellationToken);
            await to.FlushAsync(cancellationToken);
        }
    }

    private static Task WriteAsync(Stream to, ShownEvent shown, CancellationToken cancellationToken) => WriteAsync(to, [shown], cancellationToken);

    /// <summary>JSON has no line breaks of its own, so one data line holds it.</summary>
    private static async Task WriteAsync(Stream to, IEnumerable<ShownEvent> shown, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        foreach (var one in shown)
        {
            text.Append(CultureInfo.InvariantCulture, $"id: {one.Id}\nevent: {one.Name}\ndata: ").Append(one.Json).Append("\n\n");
        }

        await to.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellationToken);
        await to.FlushAsync(cancellationToken);
    }
}
