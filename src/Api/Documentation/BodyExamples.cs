using System.Text.Json.Nodes;
using EmergencyStop.Api.Events;
using EmergencyStop.Api.Orders;
using EmergencyStop.Api.Releasing;
using EmergencyStop.Api.Risk;
using EmergencyStop.Api.Stopping;
using EmergencyStop.Api.Strategies;

namespace EmergencyStop.Api.Documentation;

/// <summary>One example a body, as Swagger UI offers it.</summary>
internal static class BodyExamples
{
    /// <summary>The example of a body's type, or <c>null</c>.</summary>
    public static JsonNode? Of(Type body) => body switch
    {
        _ when body == typeof(ExecuteBody) => new JsonObject
        {
            ["scope"] = "USER",
            ["target"] = "USER:alice",
            ["reason"] = "runaway strategy",
            ["reason_code"] = "RISK_VIOLATION",
        },
        _ when body == typeof(CloudEventBody) => new JsonObject
        {
            ["specversion"] = "1.0",
            ["id"] = "limit-4711",
            ["source"] = "/risk-engine",
            ["type"] = "emergency_stop.requested",
            ["data"] = new JsonObject { ["target"] = "USER:alice", ["reason"] = "drawdown over 5 %", ["reason_code"] = "RISK_VIOLATION" },
        },
        _ when body == typeof(SettleEventBody) => new JsonObject { ["reason"] = "the mail server is back" },
        _ when body == typeof(PanicBody) => new JsonObject { ["reason"] = "something is wrong" },
        _ when body == typeof(StopBody) => new JsonObject { ["reason"] = "bad prices", ["reason_code"] = "MARKET_CONDITION" },
        _ when body == typeof(ReleaseBody) => new JsonObject { ["reason"] = "cause found and mended" },
        _ when body == typeof(WaiveBody) => new JsonObject { ["kind"] = "position", ["item"] = "alice/AAPL", ["reason"] = "netted by another strategy for good" },
        _ when body == typeof(ExceptBody) => new JsonObject { ["target"] = "USER:alice", ["reason"] = "hedging desk" },
        _ when body == typeof(EscalateBody) => new JsonObject { ["reason"] = "the position is too large to hold" },
        _ when body == typeof(ResumeBody) => new JsonObject { ["reason"] = "checked, may trade again" },
        _ when body == typeof(StrategyBody) => new JsonObject
        {
            ["user_id"] = "alice",
            ["name"] = "mean reversion",
            ["callback_url"] = "https://strategies.example/told",
        },
        _ when body == typeof(RiskRuleBody) => new JsonObject
        {
            ["kind"] = "daily_loss",
            ["threshold"] = 10000,
            ["user_id"] = "alice",
            ["warn_at"] = new JsonArray(50, 80),
            ["action"] = "stop",
            ["reason"] = "agreed with the desk",
        },
        _ when body == typeof(HeartbeatBody) => new JsonObject { ["strategy_id"] = "s1", ["timeout_ms"] = 5000 },
        _ when body == typeof(ReplaceOrderBody) => new JsonObject { ["quantity"] = "0.4", ["limit_price"] = "60100" },
        _ when body == typeof(PlaceOrderBody) => new JsonObject
        {
            ["user_id"] = "alice",
            ["strategy_id"] = "s1",
            ["symbol"] = "BTC/USD",
            ["side"] = "buy",
            ["quantity"] = "0.5",
            ["type"] = "limit",
            ["limit_price"] = "60000",
            ["client_order_id"] = "my-order-1",
        },
        _ => null,
    };
}
