using System.Net;
using System.Net.Sockets;
using System.Text;
using EmergencyStop.Access;
using EmergencyStop.Api.Tests.Hosting;

namespace EmergencyStop.Api.Tests.Errors;

public sealed class ErrorsHttpTests
{
    [Theory]
    [InlineData("/nothing")]
    [InlineData("/api/trading-engine/nothing")]
    [InlineData("/api/trading-engine/emergency-stop/stops/stop-9")]
    public async Task UnknownPath_Is404AsAProblem(string path)
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.As(Role.Admin);

        await client.GetAsync(path).ShouldBeProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task WrongMethod_Is405AsAProblem()
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.As(Role.Admin);

        var answer = client.GetAsync($"{ApiHost.Base}/emergency-stop/panic");

        await answer.ShouldBeProblemAsync(HttpStatusCode.MethodNotAllowed, "method_not_allowed");
        Assert.Equal(["POST"], (await answer).Content.Headers.Allow);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task BodyOverTheLimit_Is413(bool chunked)
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.As(Role.Admin);
        var request = new HttpRequestMessage(HttpMethod.Post, $"{ApiHost.Base}/emergency-stop/system/stop")
        {
            Content = ApiHost.Json($$"""{"reason": "{{new string('x', 70_000)}}"}"""),
        };
        request.Headers.TransferEncodingChunked = chunked;

        await client.SendAsync(request).ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body_too_large");

        Assert.Empty(host.System.Stopped);
    }

    [Fact]
    public async Task BodyThatIsNotJson_Is415()
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.As(Role.Admin);
        using var form = new FormUrlEncodedContent([new("reason", "x")]);

        await client.PostAsync($"{ApiHost.Base}/emergency-stop/system/stop", form)
            .ShouldBeProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Fact]
    public async Task Fault_Is500WithATraceIdAndNothingElse()
    {
        await using var host = await ApiHost.StartAsync();
        host.System.OnRelease = _ => throw new InvalidOperationException("secret detail");
        using var client = host.As(Role.Admin);

        var problem = await client.PostAsync("/emergency-stop/stops/stop-1/release", """{"reason": "x"}""", "k")
            .ShouldBeProblemAsync(HttpStatusCode.InternalServerError, "internal_error");

        Assert.DoesNotContain("secret", problem.ToJsonString(), StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty((string?)problem["trace_id"]));
        Assert.Empty(host.Ledger.Answers);
    }

    [Fact]
    public async Task Answers_AreNeverStored()
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.As(Role.Viewer);

        using var good = await client.GetAsync($"{ApiHost.Base}/orders");
        using var bad = await client.GetAsync($"{ApiHost.Base}/orders/o-9");

        Assert.True(good.Headers.CacheControl?.NoStore);
        Assert.True(bad.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task RequestThatIsNotHttp_IsRefusedWithoutHarm()
    {
        await using var host = await ApiHost.StartAsync();
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(IPAddress.Loopback, host.Address.Port);
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes("nonsense\r\n\r\n"));
            Assert.StartsWith("HTTP/1.1 400", await new StreamReader(socket.GetStream()).ReadLineAsync(), StringComparison.Ordinal);
        }

        using var client = host.As(Role.Viewer);
        await client.GetAsync($"{ApiHost.Base}/orders").ShouldBeAsync(HttpStatusCode.OK);
    }
}
