using System.Collections.Immutable;
using EmergencyStop.Venues.Alpaca;
using EmergencyStop.Venues.Alpaca.Wire;
using Microsoft.AspNetCore.Http;

namespace EmergencyStop.Venues.Tests.Alpaca;

/// <summary>Answers of a real venue that the simulated one never gives.</summary>
public sealed class CannedAnswersTests : IAsyncLifetime
{
    private readonly VenueProcess _process = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _process.DisposeAsync();

    [Theory]
    [InlineData("new", OrderState.Open)]
    [InlineData("partially_filled", OrderState.Open)]
    [InlineData("filled", OrderState.Filled)]
    [InlineData("done_for_day", OrderState.Open)]
    [InlineData("canceled", OrderState.Cancelled)]
    [InlineData("expired", OrderState.Ended)]
    [InlineData("replaced", OrderState.Replaced)]
    [InlineData("pending_cancel", OrderState.Open)]
    [InlineData("pending_replace", OrderState.Open)]
    [InlineData("accepted", OrderState.Open)]
    [InlineData("pending_new", OrderState.Open)]
    [InlineData("accepted_for_bidding", OrderState.Open)]
    [InlineData("stopped", OrderState.Open)]
    [InlineData("rejected", OrderState.Rejected)]
    [InlineData("suspended", OrderState.Open)]
    [InlineData("calculated", OrderState.Open)]
    [InlineData("a_word_of_tomorrow", OrderState.Open)]
    public void Status_OnlyFinalWordsEndAnOrder(string status, OrderState state) =>
        Assert.Equal(state, AlpacaNames.ReadStatus(status));

    [Fact]
    public async Task Place_WhenAnswerIsNoJson_IsUnknown()
    {
        await using var canned = await CannedVenue.StartAsync(200, "<html>welcome</html>");

        var outcome = await PlaceAsync(canned);

        Assert.Equal(VenuePhase.Answer, Assert.IsType<PlaceOutcome.Unknown>(outcome).Phase);
    }

    [Theory]
    [InlineData(500, VenuePhase.Unavailable)]
    [InlineData(502, VenuePhase.Unavailable)]
    [InlineData(504, VenuePhase.Unavailable)]
    [InlineData(307, VenuePhase.Answer)]
    public async Task Place_WhenSomethingOnTheWayAnswers_IsUnknown(int status, VenuePhase phase)
    {
        await using var canned = await CannedVenue.StartAsync(status, "{}");

        Assert.Equal(phase, Assert.IsType<PlaceOutcome.Unknown>(await PlaceAsync(canned)).Phase);
    }

    [Theory]
    [InlineData(403, """{"code":40310000,"message":"insufficient buying power"}""", "40310000")]
    [InlineData(422, """{"code":"42210000","message":"qty must be > 0"}""", "42210000")]
    [InlineData(401, "", "401")]
    [InlineData(429, """{"message":"rate limit exceeded"}""", "429")]
    public async Task Place_WhenVenueRefuses_IsRejectedWithItsCode(int status, string json, string code)
    {
        await using var canned = await CannedVenue.StartAsync(status, json);

        Assert.Equal(code, Assert.IsType<PlaceOutcome.Rejected>(await PlaceAsync(canned)).Code);
    }

    /// <summary>Once only, whatever the venue does, and with nobody's retry in between.</summary>
    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(0)]
    public async Task Place_IsNeverSentTwice(int status)
    {
        var seen = 0;
        await using var canned = await CannedVenue.StartAsync(http =>
        {
            Interlocked.Increment(ref seen);
            if (status == 0)
            {
                http.Abort();
            }

            http.Response.StatusCode = status == 0 ? 200 : status;
            return Task.CompletedTask;
        });
        await PlaceAsync(canned);
        await Task.Delay(200);

        Assert.Equal(1, seen);
    }

    [Fact]
    public async Task Reads_AreTriedAgain()
    {
        var seen = 0;
        await using var canned = await CannedVenue.StartAsync(async http =>
        {
            http.Response.StatusCode = Interlocked.Increment(ref seen) < 3 ? 503 : 200;
            await http.Response.WriteAsync("[]");
        });

        Assert.Empty(Value(await _process.OpenAt(canned.Url).PositionsAsync(VenueProcess.Alice, default)));
        Assert.Equal(3, seen);
    }

    /// <summary>After a 429 nothing goes out before the time that its header names, neither the retry nor anything else.</summary>
    [Fact]
    public async Task F24_ResetOfA429_IsHeeded()
    {
        var reset = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 2;
        var seen = new System.Collections.Concurrent.ConcurrentQueue<DateTimeOffset>();
        await using var canned = await CannedVenue.StartAsync(async http =>
        {
            seen.Enqueue(DateTimeOffset.UtcNow);
            http.Response.StatusCode = seen.Count == 1 ? 429 : 200;
            http.Response.Headers["X-RateLimit-Reset"] = $"{reset}";
            await http.Response.WriteAsync("[]");
        });
        var venue = _process.OpenAt(canned.Url);

        var first = venue.PositionsAsync(VenueProcess.Alice, default).AsTask();
        await Until(() => !seen.IsEmpty);
        await Task.Delay(100);
        var second = venue.CancelAllAsync(VenueProcess.Alice, new TestPermit(), default).AsTask();
        Value(await first);
        await second;

        Assert.Equal(3, seen.Count);
        Assert.All(seen.Skip(1), at => Assert.InRange(at.ToUnixTimeMilliseconds(), (reset * 1000) - 20, long.MaxValue));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""[{"id":"1"}]""")]
    [InlineData("""[{"id":"1","symbol":"?!","type":"limit","side":"buy","time_in_force":"gtc","qty":"1","status":"new"}]""")]
    [InlineData("""[{"id":"1","symbol":"AAPL","type":"iceberg","side":"buy","time_in_force":"gtc","qty":"1","status":"new"}]""")]
    [InlineData("""[{"id":"1","symbol":"AAPL","type":"limit","side":"buy","time_in_force":"gtc","qty":"x","status":"new"}]""")]
    public async Task F8_OpenOrdersThatCannotBeRead_AreUnreadableNotFewer(string json)
    {
        await using var canned = await CannedVenue.StartAsync(200, json);

        var reading = await _process.OpenAt(canned.Url).OpenOrdersAsync(VenueProcess.Alice, default);

        Assert.Equal(VenuePhase.Answer, Assert.IsType<Reading<ImmutableArray<VenueOrderReport>>.Unreadable>(reading).Phase);
    }

    [Fact]
    public async Task F4_Legs_AreOpenOrdersToo()
    {
        const string Json = """
            [{"id":"1","client_order_id":"entry","symbol":"AAPL","type":"limit","side":"buy","time_in_force":"gtc","qty":"1","filled_qty":"1","status":"filled","order_class":"bracket","legs":[
              {"id":"2","client_order_id":"profit","symbol":"AAPL","type":"limit","side":"sell","time_in_force":"gtc","qty":"1","filled_qty":"0","status":"new"},
              {"id":"3","client_order_id":"loss","symbol":"AAPL","type":"stop","side":"sell","time_in_force":"gtc","qty":"1","filled_qty":"0","status":"held"}]}]
            """;
        await using var canned = await CannedVenue.StartAsync(200, Json);

        var open = Value(await _process.OpenAt(canned.Url).OpenOrdersAsync(VenueProcess.Alice, default));

        Assert.Equal(["profit", "loss"], open.Select(order => order.ClientOrderId));
    }

    /// <summary>500 orders of one moment fill a page that no cursor can pass: better unreadable than fewer.</summary>
    [Fact]
    public async Task F8_PagesOfOneMoment_AreUnreadable()
    {
        var orders = string.Join(',', Enumerable.Range(0, 500).Select(n =>
            $$"""{"id":"{{n}}","client_order_id":"c{{n}}","symbol":"AAPL","type":"limit","side":"buy","time_in_force":"gtc","qty":"1","status":"new","submitted_at":"2026-01-05T15:00:00.123456789Z"}"""));
        await using var canned = await CannedVenue.StartAsync(200, $"[{orders}]");

        Assert.IsType<Reading<ImmutableArray<VenueOrderReport>>.Unreadable>(
            await _process.OpenAt(canned.Url).OpenOrdersAsync(VenueProcess.Alice, default));
    }

    [Theory]
    [InlineData("""{"symbol":"AAPL","qty":"5","side":"short"}""", -5)]
    [InlineData("""{"symbol":"AAPL","qty":"-5","side":"short"}""", -5)]
    [InlineData("""{"symbol":"AAPL","qty":"5","side":"long"}""", 5)]
    public async Task F18_Positions_HaveTheirSign(string json, int quantity)
    {
        await using var canned = await CannedVenue.StartAsync(200, $"[{json}]");

        Assert.Equal(quantity, Assert.Single(Value(await _process.OpenAt(canned.Url).PositionsAsync(VenueProcess.Alice, default))).Quantity);
    }

    [Fact]
    public async Task F8_PositionOfUnknownSide_IsUnreadable()
    {
        await using var canned = await CannedVenue.StartAsync(200, """[{"symbol":"AAPL","qty":"5","side":"sideways"}]""");

        Assert.IsType<Reading<ImmutableArray<VenuePosition>>.Unreadable>(
            await _process.OpenAt(canned.Url).PositionsAsync(VenueProcess.Alice, default));
    }

    [Theory]
    [InlineData("""[{"id":"1","status":200},{"id":"2","status":500}]""", 2, 1)]
    [InlineData("[]", 0, 0)]
    public async Task MassCancel_CountsWhatWasRefused(string json, int asked, int refused)
    {
        await using var canned = await CannedVenue.StartAsync(207, json);

        Assert.Equal(new MassCancelOutcome.Answered(asked, refused), await _process.OpenAt(canned.Url).CancelAllAsync(VenueProcess.Alice, new TestPermit(), default));
    }

    [Fact]
    public async Task MassCancel_WhenVenueFails_IsUnknownAndSentOnce()
    {
        var seen = 0;
        await using var canned = await CannedVenue.StartAsync(http =>
        {
            Interlocked.Increment(ref seen);
            http.Response.StatusCode = 500;
            return Task.CompletedTask;
        });

        Assert.IsType<MassCancelOutcome.Unknown>(await _process.OpenAt(canned.Url).CancelAllAsync(VenueProcess.Alice, new TestPermit(), default));
        Assert.Equal(1, seen);
    }

    private async Task<PlaceOutcome> PlaceAsync(CannedVenue canned) => await _process.OpenAt(canned.Url).PlaceAsync(
        MarketBench.Order("o1", OrderSide.Buy, 1, 90), new TestPermit(), default);
}
