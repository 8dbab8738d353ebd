using System.Text;
using EmergencyStop.Access;
using EmergencyStop.Api.Stopping;
using EmergencyStop.Api.Tests.Hosting;
using EmergencyStop.Api.Wire;

namespace EmergencyStop.Api.Tests.Stopping;

public sealed class TargetResolutionTests
{
    private static readonly Caller Officer = Rows.Caller(Role.RiskOfficer);
    private static readonly Caller Alice = Rows.Caller(Role.Trader, Rows.Alice);

    [Theory]
    [InlineData("""{"scope": "USER", "target": "USER:bob"}""", "USER:bob")]
    [InlineData("""{"scope": "USER", "target": "bob"}""", "USER:bob")]
    [InlineData("""{"scope": "USER", "user_id": "bob"}""", "USER:bob")]
    [InlineData("""{"scope": "USER", "target": "bob", "user_id": "bob"}""", "USER:bob")]
    [InlineData("""{"scope": "USER", "user_id": "bob", "symbol": "btc/usd"}""", "USER:bob/SYMBOL:BTC-USD")]
    [InlineData("""{"scope": "USER", "target": "USER:bob/SYMBOL:BTCUSD"}""", "USER:bob/SYMBOL:BTC-USD")]
    [InlineData("""{"scope": "USER/SYMBOL", "target": "USER:bob/SYMBOL:BTC-USD"}""", "USER:bob/SYMBOL:BTC-USD")]
    [InlineData("""{"scope": "USER/SYMBOL", "user_id": "bob", "symbol": "AAPL"}""", "USER:bob/SYMBOL:AAPL")]
    [InlineData("""{"scope": "SYMBOL", "target": "BTC/USD"}""", "SYMBOL:BTC-USD")]
    [InlineData("""{"scope": "SYMBOL", "target": "SYMBOL:BTCUSD"}""", "SYMBOL:BTC-USD")]
    [InlineData("""{"scope": "SYMBOL", "symbol": "AAPL", "user_id": "bob"}""", "USER:bob/SYMBOL:AAPL")]
    [InlineData("""{"scope": "STRATEGY", "target": "s1"}""", "STRATEGY:s1")]
    [InlineData("""{"scope": "STRATEGY", "target": "SYSTEM"}""", "STRATEGY:SYSTEM")]
    [InlineData("""{"scope": "STRATEGY", "strategy_id": "s1"}""", "STRATEGY:s1")]
    [InlineData("""{"scope": "SYSTEM"}""", "SYSTEM")]
    [InlineData("""{"scope": "system", "target": "SYSTEM"}""", "SYSTEM")]
    public void Officer_MeansWhatIsSaid(string json, string target) => Assert.Equal(target, Resolve(json, Officer, out _));

    [Theory]
    [InlineData("""{"scope": "USER"}""", "USER:alice")]
    [InlineData("""{"scope": "USER", "symbol": "AAPL"}""", "USER:alice/SYMBOL:AAPL")]
    [InlineData("""{"scope": "SYMBOL", "symbol": "AAPL"}""", "USER:alice/SYMBOL:AAPL")]
    [InlineData("""{"scope": "SYMBOL", "target": "SYMBOL:AAPL"}""", "USER:alice/SYMBOL:AAPL")]
    [InlineData("""{"scope": "USER", "target": "bob"}""", "USER:bob")] // Refused for want of authority, not silently turned into alice.
    [InlineData("""{"scope": "SYMBOL", "symbol": "AAPL", "user_id": "bob"}""", "USER:bob/SYMBOL:AAPL")]
    public void Trader_MeansTheOwnBook(string json, string target) => Assert.Equal(target, Resolve(json, Alice, out _));

    [Theory]
    [InlineData("{}", "scope")]
    [InlineData("""{"scope": "USER"}""", "user_id")]
    [InlineData("""{"scope": "STRATEGY"}""", "target")]
    [InlineData("""{"scope": "SYMBOL"}""", "target")]
    [InlineData("""{"scope": "USER/SYMBOL", "user_id": "bob"}""", "target")]
    [InlineData("""{"scope": "USER/SYMBOL", "symbol": "AAPL"}""", "user_id")]
    [InlineData("""{"scope": "USER", "target": "STRATEGY:s1"}""", "target")]
    [InlineData("""{"scope": "SYSTEM", "target": "USER:bob"}""", "target")]
    [InlineData("""{"scope": "SYSTEM", "user_id": "bob"}""", "user_id")]
    [InlineData("""{"scope": "SYSTEM", "symbol": "AAPL"}""", "symbol")]
    [InlineData("""{"scope": "STRATEGY", "target": "s1", "user_id": "bob"}""", "user_id")]
    [InlineData("""{"scope": "USER", "user_id": "bob", "strategy_id": "s1"}""", "strategy_id")]
    [InlineData("""{"scope": "USER", "target": "bob", "user_id": "alice"}""", "user_id")]
    [InlineData("""{"scope": "SYMBOL", "target": "BTC USD"}""", "target")]
    [InlineData("""{"scope": "STRATEGY", "target": "a/b"}""", "target")]
    [InlineData("""{"scope": "USER", "target": "USER:"}""", "target")]
    public void Contradictions_AreNamed(string json, string field)
    {
        Assert.Null(Resolve(json, Officer, out var errors));
        Assert.Contains(field, errors.Found.Select(f => f.Field));
    }

    private static string? Resolve(string json, Caller caller, out FieldErrors errors)
    {
        errors = new();
        return TargetResolution.Resolve(JsonBody.Parse<ExecuteBody>(Encoding.UTF8.GetBytes(json)).Value!, caller, errors)?.Value;
    }
}
