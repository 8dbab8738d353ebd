using System.Globalization;
using EmergencyStop.Api.Errors;
using EmergencyStop.Api.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Api.Following;

/// <summary>Opens streams: where a follower begins, and whether there is a way from there.</summary>
internal static class Follow
{
    /// <summary>The header by which a follower resumes.</summary>
    public const string Header = "Last-Event-ID";

    /// <summary>The query field that does the same.</summary>
    public const string Field = "last_event_id";

    /// <summary>After which id a follower wants to go on; <c>null</c> for from now on.</summary>
    public static long? After(HttpRequest request, QueryFields query, FieldErrors errors)
    {
        var field = query.Text(Field);
        var text = request.Headers[Header].ToString() is { Length: > 0 } header ? header : field;
        if (text is null)
        {
            return null;
        }

        var good = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id < long.MaxValue - 1;
        errors.AddIf(!good, Field, $"{Header} and {Field} must be the id of an event, unchanged.");
        return id;
    }

    /// <summary>The stream, or why there is none.</summary>
    /// <param name="http">The request.</param>
    /// <param name="places">Where it takes a place.</param>
    /// <param name="after">After which id; <c>null</c> for from now on.</param>
    /// <param name="what">What is followed.</param>
    /// <param name="gone">What is said when the way from there is gone: after, oldest and last id.</param>
    public static async Task<IResult> OpenAsync<T>(
        HttpContext http, StreamPlaces places, long? after, Followed<T> what, Func<long, long, long, Problem> gone)
    {
        if (places.TryTake() is not { } place)
        {
            return Problems.TooManyStreams;
        }

        http.Response.RegisterForDispose(place);
        var page = await what.ReadAsync(after ?? long.MaxValue - 1, http.RequestAborted);
        if (after is null)
        {
            page = new([], page.Last, page.Oldest, page.Last);
        }

        // A follower who is ahead of the ledger has heard what a restored one has forgotten.
        var from = after ?? page.Last;
        if (from + 1 < page.Oldest || from > page.Last)
        {
            return gone(from, page.Oldest, page.Last);
        }

        var services = http.RequestServices;
        return new FollowStream<T>(
            what, from, page,
            TimeSpan.FromMilliseconds(services.GetRequiredService<IOptions<ApiOptions>>().Value.HeartbeatMs),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
    }
}
