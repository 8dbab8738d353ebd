using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace EmergencyStop.Venues.Tests.Alpaca;

/// <summary>A mass cancel is written once, within its send window, or never: a late one would hit orders of after its stop (F2).</summary>
public sealed class MassCancellingTests(VenueProcess process) : IClassFixture<VenueProcess>
{
    [Fact]
    public async Task PermitThatIsRefused_IsNotSent_OnAFreshConnectionAndOnOneThatWasUsed()
    {
        var venue = process.Open();
        var account = AccountId.Parse("mass-refused");
        var first = await venue.CancelAllAsync(account, new TestPermit("no"), default);
        await venue.CancelAsync(account, OrderId.Parse("nobody"), "00000000-0000-0000-0000-000000000001", default);
        process.Market.Place(new(account, "rests", MarketBench.Aapl, OrderSide.Buy, OrderType.Limit, 1, LimitPrice: 50));
        var second = await venue.CancelAllAsync(account, new TestPermit("no"), default);

        Assert.Equal(("no", "no"), (Assert.IsType<MassCancelOutcome.NotSent>(first).Reason, Assert.IsType<MassCancelOutcome.NotSent>(second).Reason));
        Assert.Single(process.Market.OpenOrders(account));
    }

    /// <summary>Its headers are all there is of it: not one of them may leave before the permit is asked.</summary>
    [Fact]
    public async Task PermitThatIsRefused_WireCarriesNothing()
    {
        using var listener = Listen();
        var accepting = listener.AcceptSocketAsync();

        Assert.IsType<MassCancelOutcome.NotSent>(await At(listener).CancelAllAsync(VenueProcess.Alice, new TestPermit("no"), default));

        using var socket = await accepting;
        Assert.Equal("<reset>", await PlacingTests.ReadAllAsync(socket));
    }

    [Fact]
    public async Task RateLimit_PastTheWindow_IsNotSentAndPermitIsNotAsked()
    {
        var venue = process.Open(o => o.CallsPerMinute = 1);
        var account = AccountId.Parse("mass-limited");
        process.Market.Place(new(account, "rests", MarketBench.Aapl, OrderSide.Buy, OrderType.Limit, 1, LimitPrice: 50));
        await venue.CancelAsync(account, OrderId.Parse("nobody"), "00000000-0000-0000-0000-000000000001", default);
        using var window = new CancellationTokenSource(TimeSpan.FromMilliseconds(150));
        var permit = new TestPermit(windowEnd: window.Token);

        var outcome = await venue.CancelAllAsync(account, permit, default);

        Assert.Equal(VenuePhase.RateLimit, Assert.IsType<MassCancelOutcome.NotSent>(outcome).Phase);
        Assert.Equal(0, permit.Asked);
        Assert.Single(process.Market.OpenOrders(account));
    }

    [Fact]
    public async Task WindowThatEnds_ResetsTheConnection()
    {
        using var listener = Listen();
        var accepting = listener.AcceptSocketAsync();
        using var window = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        var outcome = await At(listener).CancelAllAsync(VenueProcess.Alice, new TestPermit(windowEnd: window.Token), default);

        Assert.Equal(VenuePhase.Acknowledge, Assert.IsType<MassCancelOutcome.Unknown>(outcome).Phase);
        using var socket = await accepting;
        var text = await PlacingTests.ReadAllAsync(socket);
        Assert.StartsWith("DELETE /v2/orders ", text, StringComparison.Ordinal);
        Assert.EndsWith("<reset>", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NobodyListens_IsNotSentAndPermitIsNotAsked()
    {
        var permit = new TestPermit();
        Assert.IsType<MassCancelOutcome.NotSent>(await process.OpenAt(new Uri("http://127.0.0.1:1")).CancelAllAsync(VenueProcess.Alice, permit, default));
        Assert.Equal(0, permit.Asked);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(403)]
    public async Task Refusal_IsNotSent_AndNotTriedAgain(int status)
    {
        var seen = 0;
        await using var canned = await CannedVenue.StartAsync(http =>
        {
            Interlocked.Increment(ref seen);
            http.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        var permit = new TestPermit();

        Assert.IsType<MassCancelOutcome.NotSent>(await process.OpenAt(canned.Url).CancelAllAsync(VenueProcess.Alice, permit, default));
        Assert.Equal((1, 1), (seen, permit.Asked));
    }

    /// <summary>A handler that sends a request of its own accord again, as it may on a connection that the venue has closed, is not let.</summary>
    [Fact]
    public async Task ConnectionThatTheVenueCloses_IsUnknownAndSentOnce()
    {
        var seen = 0;
        await using var canned = await CannedVenue.StartAsync(async http =>
        {
            if (http.Request.Method == "DELETE")
            {
                Interlocked.Increment(ref seen);
                http.Abort();
                return;
            }

            await http.Response.WriteAsync("[]");
        });
        var venue = process.OpenAt(canned.Url);
        await venue.PositionsAsync(VenueProcess.Alice, default);

        Assert.IsType<MassCancelOutcome.Unknown>(await venue.CancelAllAsync(VenueProcess.Alice, new TestPermit(), default));
        Assert.Equal(1, seen);
    }

    private EmergencyStop.Venues.Alpaca.AlpacaVenue At(TcpListener listener) =>
        process.OpenAt(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"));

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }
}
