using System.Text;
using EmergencyStop.Api.Errors;
using EmergencyStop.Api.Orders;
using EmergencyStop.Api.Stopping;
using EmergencyStop.Api.Wire;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Api.Tests.Wire;

public sealed class JsonBodyTests
{
    [Theory]
    [InlineData("""{"reason": "x", "reasn": 1}""", "reasn")]
    [InlineData("""{"reason": "x", "reason": "y"}""", "reason")]
    [InlineData("""{"Reason": "x"}""", "Reason")]
    [InlineData("""{"user_id": "a/b"}""", "user_id")]
    [InlineData("""{"user_id": 7}""", "user_id")]
    [InlineData("""{"scope": "GALAXY"}""", "scope")]
    [InlineData("""{"scope": 1}""", "scope")]
    [InlineData("""{"cancel_orders": "true"}""", "cancel_orders")]
    [InlineData("""{"wait_ms": "5"}""", "wait_ms")]
    [InlineData("""{"wait_ms": 99999999999}""", "wait_ms")]
    [InlineData("""{"reason": "\ud800"}""", "reason")]
    [InlineData("""{"reason": {"a": 1}}""", "reason")]
    [InlineData("""{"reason": "x" """, "body")]
    [InlineData("[]", "body")]
    [InlineData("null", "body")]
    [InlineData("7", "body")]
    [InlineData("scope=USER", "body")]
    public void WrongBody_IsAnsweredWithTheField(string json, string field)
    {
        var (value, problem) = JsonBody.Parse<ExecuteBody>(Encoding.UTF8.GetBytes(json));

        Assert.Null(value);
        Assert.Equal("validation_failed", problem!.Code);
        Assert.Equal(field, problem.More.Single(m => m.Name == "field").Value);
        Assert.DoesNotContain("System.", problem.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("EmergencyStop.", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void MalformedJson_SaysWhere()
    {
        var (_, problem) = JsonBody.Parse<ExecuteBody>("{\n  \"reason\": oops}"u8);

        Assert.Contains("line 2", problem!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void WrongWord_SaysWhichThereAre()
    {
        var (_, problem) = JsonBody.Parse<ExecuteBody>("""{"scope": "GALAXY"}"""u8);

        Assert.Equal("It must be one of USER, STRATEGY, SYMBOL, SYSTEM, USER/SYMBOL.", problem!.Detail);
    }

    [Fact]
    public void NestingBomb_IsRefused()
    {
        var (value, _) = JsonBody.Parse<ExecuteBody>(Encoding.UTF8.GetBytes($$"""{"reason": {{new string('[', 10_000)}}"""));

        Assert.Null(value);
    }

    [Theory]
    [InlineData("0.1")]
    [InlineData("\"0.1\"")]
    [InlineData("1e-1")]
    public void Quantity_MayBeANumberOrAString(string json)
    {
        var (value, _) = JsonBody.Parse<PlaceOrderBody>(Encoding.UTF8.GetBytes($$"""{"quantity": {{json}}, "side": "BUY", "type": "stop_limit"}"""));

        Assert.Equal(0.1m, value!.Quantity);
        Assert.Equal(OrderSide.Buy, value.Side);
        Assert.Equal(OrderType.StopLimit, value.Type);
    }

    [Theory]
    [InlineData("\"1,000\"")]
    [InlineData("\"\"")]
    [InlineData("\"NaN\"")]
    [InlineData("true")]
    [InlineData("1e400")]
    public void Quantity_ThatIsNoNumber_IsRefused(string json)
    {
        var (_, problem) = JsonBody.Parse<PlaceOrderBody>(Encoding.UTF8.GetBytes($$"""{"quantity": {{json}}}"""));

        Assert.Equal("quantity", problem!.More.Single(m => m.Name == "field").Value);
    }

    [Fact]
    public void EmptyBody_IsAnEmptyObject() => Assert.NotNull(JsonBody.Parse<StopBody>([]).Value);

    [Fact]
    public void Words_AreThoseOfTheDesign()
    {
        Assert.Equal(["USER", "STRATEGY", "SYMBOL", "SYSTEM", "USER/SYMBOL"], Words<EmergencyStopScope>.All.AsEnumerable());
        Assert.Equal(
            ["USER_INITIATED", "RISK_VIOLATION", "SYSTEM_ERROR", "MARKET_CONDITION", "CONNECTIVITY_ISSUE", "REGULATORY_HALT"],
            Words<EmergencyStopReason>.All.AsEnumerable());
        Assert.Equal(["in_flight", "open", "unknown", "filled", "cancelled", "rejected", "ended", "never_sent", "replaced"], Words<OrderState>.All.AsEnumerable());
        Assert.Equal(["market", "limit", "stop", "stop_limit", "trailing_stop"], Words<OrderType>.All.AsEnumerable());
        Assert.Equal(["viewer", "engine", "trader", "risk_officer", "admin"], Words<EmergencyStop.Access.Role>.All.AsEnumerable());
    }

    [Fact]
    public void Problem_CollectsEveryField()
    {
        var errors = new FieldErrors();
        errors.Add("a", "one");
        errors.Add("b", "two");
        errors.Add("a", "three");

        var members = errors.ToProblem().Members();

        Assert.Equal("a", members["field"]);
        var byField = Assert.IsType<Dictionary<string, string[]>>(members["errors"]);
        Assert.Equal(["one", "three"], byField["a"]);
        Assert.Equal(["two"], byField["b"]);
    }
}
