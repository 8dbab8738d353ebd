using EmergencyStop.Client.Tests.Wire;
using static EmergencyStop.Client.Tests.Wire.ScriptedService;

namespace EmergencyStop.Client.Tests.Stopping;

/// <summary>What is sent, and what a later version may answer.</summary>
public sealed class WordTests
{
    [Fact]
    public async Task WordsAndFieldsOfALaterVersion_AreRead()
    {
        var later = Working.Replace("\"working\"", "\"pondering\"", StringComparison.Ordinal).Replace("{\"success\"", "{\"new\":1,\"success\"", StringComparison.Ordinal);
        await using var client = TestClient.Of(new ScriptedService(Answer(200, later)));
        Assert.Equal(StopState.Unrecognized, (await client.PanicAsync()).State);
    }

    [Fact]
    public async Task RiskStop_SaysSo_AndOptionsAreSentAsTheServiceNamesThem()
    {
        var service = new ScriptedService(Answer(200, Completed));
        await using var client = TestClient.Of(service);
        await client.RiskEmergencyStopAsync(
            StopTarget.OfUserSymbol("alice", "btc/usd"), "drawdown", new() { ClosePositions = true, KeepProtective = true });
        Assert.Equal(
            """{"reason":"drawdown","scope":"USER/SYMBOL","user_id":"alice","symbol":"btc/usd","reason_code":"RISK_VIOLATION","close_positions":true,"keep_protective":true}""",
            service.Requests.Single().Body);
    }

    [Fact]
    public async Task Panic_WithNothingSaid_SendsAnEmptyObject()
    {
        var service = new ScriptedService(Answer(200, Completed));
        await using var client = TestClient.Of(service);
        await client.PanicAsync();
        Assert.Equal(("POST /api/trading-engine/emergency-stop/panic", "{}"), (service.Requests.Single().Line, service.Requests.Single().Body));
    }

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("ümlaut")]
    public async Task IdempotencyKey_ThatCannotBeSent_IsTheCallersMistake(string key)
    {
        await using var client = TestClient.Of(new ScriptedService(Broken));
        await Assert.ThrowsAsync<ArgumentException>(() => client.PanicAsync(options: new() { IdempotencyKey = key }));
    }
}
