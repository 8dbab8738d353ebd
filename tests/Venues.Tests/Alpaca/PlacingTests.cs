using System.Net;
using System.Net.Sockets;
using System.Text;
using static EmergencyStop.Venues.Tests.Simulated.MarketBench;

namespace EmergencyStop.Venues.Tests.Alpaca;

public sealed class PlacingTests(VenueProcess process) : IClassFixture<VenueProcess>, IDisposable
{
    public void Dispose() => process.Faults.Change(_ => FaultSettings.None);

    [Fact]
    public async Task Place_Limit_Rests()
    {
        var outcome = await process.Open().PlaceAsync(Order("rests", OrderSide.Buy, 10, 90), new TestPermit(), default);

        var report = Assert.IsType<PlaceOutcome.Accepted>(outcome).Report;
        Assert.Equal(("rests", OrderState.Open, 10m, 0m), (report.ClientOrderId, report.State, report.Quantity, report.FilledQuantity));
        Assert.Equal(Aapl, report.Symbol);
    }

    [Fact]
    public async Task Place_Market_ShowsFill()
    {
        var outcome = await process.Open().PlaceAsync(Order("fills", OrderSide.Sell, 3, symbol: "btc/usd"), new TestPermit(), default);

        var report = Assert.IsType<PlaceOutcome.Accepted>(outcome).Report;
        Assert.Equal((OrderState.Filled, 3m, 100m), (report.State, report.FilledQuantity, report.AveragePrice));
        Assert.Equal("BTC-USD", report.Symbol.Value);
    }

    /// <summary>F4: each class of orders that is declared is taken and found again.</summary>
    [Theory]
    [InlineData(OrderType.Limit)]
    [InlineData(OrderType.Stop)]
    [InlineData(OrderType.StopLimit)]
    [InlineData(OrderType.TrailingStop)]
    public async Task F4_EveryDeclaredClass_RestsAndIsListed(OrderType type)
    {
        var venue = process.Open();
        Assert.Contains(type, venue.Description.OrderTypes);
        var order = Order($"f4-{type}", OrderSide.Sell, 1, account: $"f4{type}");
        order = order with
        {
            Terms = order.Terms with
            {
                Type = type,
                LimitPrice = type is OrderType.Limit ? 150 : type is OrderType.StopLimit ? 80 : null,
                StopPrice = type is OrderType.Stop or OrderType.StopLimit ? 90 : null,
                TrailPercent = type is OrderType.TrailingStop ? 5 : null,
            },
        };

        Assert.IsType<PlaceOutcome.Accepted>(await venue.PlaceAsync(order, new TestPermit(), default));

        var open = Value(await venue.OpenOrdersAsync(order.Account, default));
        Assert.Equal((type, order.Id.Value), (Assert.Single(open).Type, open[0].ClientOrderId));
    }

    [Fact]
    public async Task Place_WhenVenueRefuses_IsRejected()
    {
        process.Faults.Change(_ => new() { Reject = 1 });

        var outcome = await process.Open().PlaceAsync(Order("refused", OrderSide.Buy, 1, 90), new TestPermit(), default);

        Assert.Equal("40310000", Assert.IsType<PlaceOutcome.Rejected>(outcome).Code);
        Assert.Null(process.Market.FindByClientId(Alice, "refused"));
    }

    /// <summary>A duplicate is no refusal of the order: the venue says that it has it.</summary>
    [Fact]
    public async Task Place_OfKnownClientId_IsUnknownAndNeverASecondOrder()
    {
        var venue = process.Open();
        await venue.PlaceAsync(Order("twice", OrderSide.Buy, 1, 90, account: "twice"), new TestPermit(), default);

        var outcome = await venue.PlaceAsync(Order("twice", OrderSide.Buy, 1, 90, account: "twice"), new TestPermit(), default);

        Assert.Equal(VenuePhase.Answer, Assert.IsType<PlaceOutcome.Unknown>(outcome).Phase);
        Assert.Single(process.Market.OpenOrders(AccountId.Parse("twice")));
    }

    [Fact]
    public async Task Place_WhenAnswerIsLost_IsUnknownAndSentOnce()
    {
        process.Faults.Change(_ => new() { LoseAnswers = 1 });
        var permit = new TestPermit();

        var outcome = await process.Open().PlaceAsync(Order("lost", OrderSide.Buy, 1, 90, account: "lost"), permit, default);

        Assert.Equal(VenuePhase.Acknowledge, Assert.IsType<PlaceOutcome.Unknown>(outcome).Phase);
        Assert.Equal(1, permit.Asked);
        Assert.Single(process.Market.Orders(AccountId.Parse("lost")));
    }

    [Fact]
    public async Task Place_WhenPermitIsRefused_IsNotSentAndVenueHasNothing()
    {
        var venue = process.Open();

        // Once on a fresh connection, once on one that has been used.
        var first = await venue.PlaceAsync(Order("no1", OrderSide.Buy, 1, 90, account: "no"), new TestPermit("a newer latch"), default);
        await venue.PlaceAsync(Order("yes", OrderSide.Buy, 1, 90, account: "no"), new TestPermit(), default);
        var second = await venue.PlaceAsync(Order("no2", OrderSide.Buy, 1, 90, account: "no"), new TestPermit("a newer latch"), default);

        Assert.Equal("a newer latch", Assert.IsType<PlaceOutcome.NotSent>(first).Reason);
        Assert.Equal("a newer latch", Assert.IsType<PlaceOutcome.NotSent>(second).Reason);
        Assert.Equal("yes", Assert.Single(process.Market.Orders(AccountId.Parse("no"))).Request.ClientOrderId);
    }

    [Fact]
    public async Task Place_WhenNobodyListens_IsNotSentAndPermitIsNotAsked()
    {
        var permit = new TestPermit();
        var venue = process.OpenAt(new Uri("http://127.0.0.1:1"));

        var outcome = await venue.PlaceAsync(Order("o1", OrderSide.Buy, 1, 90), permit, default);

        Assert.Equal(VenuePhase.Connect, Assert.IsType<PlaceOutcome.NotSent>(outcome).Phase);
        Assert.Equal(0, permit.Asked);
        Assert.Equal("down", venue.Health.State);
    }

    [Fact]
    public async Task Place_WhenWindowEndsBeforeTheAnswer_IsUnknown()
    {
        process.Faults.Change(_ => new() { LateAcknowledgement = TimeSpan.FromSeconds(1) });
        using var window = new CancellationTokenSource(TimeSpan.FromMilliseconds(150));

        var outcome = await process.Open().PlaceAsync(Order("late", OrderSide.Buy, 1, 90, account: "late"), new TestPermit(windowEnd: window.Token), default);

        Assert.Equal(VenuePhase.Acknowledge, Assert.IsType<PlaceOutcome.Unknown>(outcome).Phase);
        await Until(() => process.Market.OpenOrders(AccountId.Parse("late")).Length == 1);
    }

    /// <summary>At the window's end a connection that is still being made is given up, and nothing was written.</summary>
    [Fact]
    public async Task Place_WhenWindowEndsWhileConnecting_IsNotSent()
    {
        using var window = new CancellationTokenSource(TimeSpan.FromMilliseconds(150));
        var permit = new TestPermit(windowEnd: window.Token);

        // Nothing answers at this address, which is set aside for documentation; a sandbox may refuse it at once.
        var venue = process.OpenAt(new Uri("http://192.0.2.1:81"), options => options.ConnectTimeout = TimeSpan.FromSeconds(20));
        var outcome = await venue.PlaceAsync(Order("o1", OrderSide.Buy, 1, 90), permit, default);

        Assert.Equal(VenuePhase.Connect, Assert.IsType<PlaceOutcome.NotSent>(outcome).Phase);
        Assert.Equal(0, permit.Asked);
    }

    /// <summary>What the comment at the body attests, seen from the other end of the wire.</summary>
    [Fact]
    public async Task Place_WhenPermitIsRefused_WireNeverCarriesAWholeRequest()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var accepting = listener.AcceptSocketAsync();
        var venue = process.OpenAt(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"));

        var outcome = await venue.PlaceAsync(Order("secret-order", OrderSide.Buy, 1, 90), new TestPermit("no"), default);

        Assert.IsType<PlaceOutcome.NotSent>(outcome);
        using var socket = await accepting;
        var text = await ReadAllAsync(socket);
        Assert.DoesNotContain("secret-order", text, StringComparison.Ordinal);
        Assert.DoesNotContain("qty", text, StringComparison.Ordinal);
    }

    /// <summary>A venue that takes the request and never answers: at the window's end the connection is reset, not left open.</summary>
    [Fact]
    public async Task Place_WhenWindowEnds_ConnectionIsReset()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var accepting = listener.AcceptSocketAsync();
        using var window = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        var venue = process.OpenAt(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"));

        var outcome = await venue.PlaceAsync(Order("o1", OrderSide.Buy, 1, 90), new TestPermit(windowEnd: window.Token), default);

        Assert.Equal(VenuePhase.Acknowledge, Assert.IsType<PlaceOutcome.Unknown>(outcome).Phase);
        using var socket = await accepting;
        Assert.EndsWith("<reset>", await ReadAllAsync(socket), StringComparison.Ordinal);
    }

    internal static async Task<string> ReadAllAsync(Socket socket)
    {
        var (text, buffer) = (new StringBuilder(), new byte[4096]);
        try
        {
            int read;
            while ((read = await socket.ReceiveAsync(buffer)) > 0)
            {
                text.Append(Encoding.ASCII.GetString(buffer, 0, read));
            }
        }
        catch (SocketException)
        {
            text.Append("<reset>");
        }

        return text.ToString();
    }
}
