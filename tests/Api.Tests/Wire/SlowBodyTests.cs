using System.Net;
using System.Net.Sockets;
using System.Text;
using EmergencyStop.Api.Tests.Hosting;

namespace EmergencyStop.Api.Tests.Wire;

[Trait("Host", "Both")]
public sealed class SlowBodyTests
{
    [Fact]
    public async Task SlowBody_IsRefused_AndTheConnectionEnds()
    {
        await using var host = await ApiHost.StartAsync(settings: ("BodyTimeoutMs", "300"));
        var (key, _) = host.AddKey(EmergencyStop.Access.Role.Trader, "alice");
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, host.Address.Port);
        await using var stream = socket.GetStream();
        var head = $"POST {ApiHost.Base}/emergency-stop/panic HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{\"rea";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head));

        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60)); // Ends with the connection.

        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        Assert.Contains("body_too_slow", answer, StringComparison.Ordinal);
        Assert.Empty(host.System.Stopped);
    }

    [Fact]
    public async Task StopsOwnWait_IsNotTheBodys()
    {
        await using var service = await RealService.StartAsync();
        using var alice = (await service.AddKeyAsync(EmergencyStop.Access.Role.Trader, "alice")).Client;

        await alice.PostAsync("/emergency-stop/panic?wait_ms=60000", "{}").ShouldBeAsync(HttpStatusCode.OK);
    }
}
