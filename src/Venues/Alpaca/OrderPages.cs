using System.Collections.Immutable;
using System.Globalization;
using EmergencyStop.Ids;
using EmergencyStop.Venues.Alpaca.Wire;

namespace EmergencyStop.Venues.Alpaca;

/// <summary>A list of orders, page by page, with the time of submission as the cursor.</summary>
/// <remarks>
/// The cursor is set back a little and what was seen is dropped, so that orders of one moment are not lost where it falls
/// between two pages. A page of nothing new that is yet full cannot be passed: then the list is unreadable.
/// </remarks>
internal sealed class OrderPages(
    AlpacaCalls calls, AccountId account, string status, bool oldestFirst, int mostPages = OrderPages.MostPages, CallKind kind = CallKind.Reading)
{
    /// <summary>Half a million orders.</summary>
    public const int MostPages = 1000;

    /// <summary>Covers the digits of a time beyond those that are kept here.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMicroseconds(1);

    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private string? _cursor;
    private int _pages;
    private bool _over;

    /// <summary>Why the list could not be read to its end.</summary>
    public (VenuePhase Phase, string Reason)? Failure { get; private set; }

    /// <summary>The next page without what was seen; <c>null</c> at the end, and after a failure.</summary>
    public async ValueTask<ImmutableArray<AlpacaOrder>?> NextAsync(CancellationToken cancellationToken)
    {
        if (_over)
        {
            return null;
        }

        if (_pages++ == mostPages)
        {
            return Fail(VenuePhase.Answer, $"The list has more than {mostPages} pages.");
        }

        var reply = await calls.GetAsync(account, Path(), kind, cancellationToken);
        if (!reply.IsGood)
        {
            return Fail(reply.Failure().Phase, reply.Failure().Reason);
        }

        if (!reply.TryRead(AlpacaJson.Default.ImmutableArrayAlpacaOrder, out var page) || page.IsDefault)
        {
            return Fail(VenuePhase.Answer, "The venue's answer cannot be read.");
        }

        ImmutableArray<AlpacaOrder> news = [.. page.Where(order => _seen.Add(order.Id))];
        _over = page.Length < AlpacaNames.LargestPage;
        if (_over)
        {
            return news;
        }

        if (news.IsEmpty || !TryMove(page[^1].SubmittedAt))
        {
            return Fail(VenuePhase.Answer, "The list cannot be paged: a whole page was submitted at one moment, or at none.");
        }

        return news;
    }

    private string Path()
    {
        var path = $"/v2/orders?status={status}&limit={AlpacaNames.LargestPage}&nested=true&direction={(oldestFirst ? "asc" : "desc")}";
        return _cursor is null ? path : $"{path}&{(oldestFirst ? "after" : "until")}={Uri.EscapeDataString(_cursor)}";
    }

    private bool TryMove(string? submittedAt)
    {
        if (!DateTimeOffset.TryParse(submittedAt, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var last))
        {
            return false;
        }

        var cursor = oldestFirst ? last - Overlap : last + Overlap;
        _cursor = cursor.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
        return true;
    }

    private ImmutableArray<AlpacaOrder>? Fail(VenuePhase phase, string reason)
    {
        _over = true;
        Failure = (phase, reason);
        return null;
    }
}
