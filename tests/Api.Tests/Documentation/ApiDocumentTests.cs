using System.Net;
using System.Text.Json.Nodes;
using EmergencyStop.Api.Tests.Hosting;

namespace EmergencyStop.Api.Tests.Documentation;

public sealed class ApiDocumentTests
{
    private static readonly string[] Calls =
    [
        "POST /emergency-stop/execute", "POST /emergency-stop/panic", "POST /emergency-stop/strategy/{strategy_id}/stop",
        "POST /emergency-stop/symbol/{symbol}/stop", "POST /emergency-stop/system/stop", "GET /emergency-stop/history",
        "GET /emergency-stop/status", "GET /emergency-stop/stops/{stop_id}", "GET /emergency-stop/stops/{stop_id}/events",
        "POST /emergency-stop/preview", "POST /emergency-stop/stops/{stop_id}/release", "POST /orders", "GET /orders",
        "GET /orders/events", "PATCH /orders/{order_id}", "GET /orders/{order_id}", "DELETE /orders/{order_id}", "GET /gate", "PUT /strategies/{strategy_id}", "PUT /strategies/{strategy_id}/callback-secret",
        "GET /emergency-stop/obligations", "POST /emergency-stop/stops/{stop_id}/obligations/waive", "POST /emergency-stop/stops/{stop_id}/close-positions",
        "POST /emergency-stop/stops/{stop_id}/except", "POST /emergency-stop/stops/{stop_id}/except/remove", "DELETE /emergency-stop/stops/{stop_id}/except/{target}",
        "POST /strategies/{strategy_id}/resume", "GET /strategies/{strategy_id}", "GET /strategies", "GET /positions",
        "GET /runtime", "GET /risk/rules", "GET /risk/rules/{rule_id}", "GET /risk/rules/{rule_id}/versions", "PUT /risk/rules/{rule_id}",
        "DELETE /risk/rules/{rule_id}", "GET /risk/users/{user_id}", "POST /heartbeats", "GET /heartbeats", "DELETE /heartbeats/{name}",
        "POST /events", "GET /events", "GET /events/set-aside", "POST /events/set-aside/{number}/retry", "POST /events/set-aside/{number}/dismiss",
    ];

    [Fact]
    public async Task Document_HoldsEveryCallOfTheDesign()
    {
        var document = await ReadAsync();

        var documented = document["paths"]!.AsObject()
            .Where(p => p.Key.StartsWith(ApiHost.Base, StringComparison.Ordinal))
            .SelectMany(p => p.Value!.AsObject().Select(o => $"{o.Key.ToUpperInvariant()} {p.Key[ApiHost.Base.Length..]}"));

        Assert.Equal(Calls.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task EveryCall_SaysWhatItDoesAndHowItRefuses()
    {
        var document = await ReadAsync();

        foreach (var (path, operations) in document["paths"]!.AsObject().Where(p => p.Key.StartsWith(ApiHost.Base, StringComparison.Ordinal)))
        {
            foreach (var (method, operation) in operations!.AsObject())
            {
                Assert.False(string.IsNullOrEmpty((string?)operation!["summary"]), $"{method} {path}");
                Assert.NotNull(operation["responses"]!["401"]!["content"]!["application/problem+json"]);
                Assert.NotNull(operation["responses"]!["503"]);
                Assert.NotNull(operation["security"]![0]!["ApiKey"]);
                var repeats = method is "post" or "patch" && !path.EndsWith("/heartbeats", StringComparison.Ordinal) // A remembered answer would be no beat.
                    && !path.EndsWith("/events", StringComparison.Ordinal); // An event's source and id are its key.
                Assert.Equal(repeats, operation["parameters"]?.AsArray().Any(p => (string?)p!["name"] == "Idempotency-Key") == true);
            }
        }
    }

    [Fact]
    public async Task Bodies_HaveSchemasWithWordsAndExamples()
    {
        var document = await ReadAsync();
        var schemas = document["components"]!["schemas"]!;
        var body = document["paths"]![$"{ApiHost.Base}/emergency-stop/execute"]!["post"]!["requestBody"]!["content"]!["application/json"]!;

        Assert.Equal("#/components/schemas/ExecuteBody", (string?)body["schema"]!["$ref"]);
        Assert.Equal("USER", (string?)body["example"]!["scope"]);
        var text = schemas.ToJsonString();
        Assert.Contains("USER/SYMBOL", text, StringComparison.Ordinal);
        Assert.Contains("stop_limit", text, StringComparison.Ordinal);
        Assert.Equal(["null", "number", "string"], Types(schemas["PlaceOrderBody"]!["properties"]!["quantity"]!));
        Assert.Equal("Whose book it is.", (string?)schemas["PlaceOrderBody"]!["properties"]!["user_id"]!["description"]);
        Assert.Contains("code", schemas["ProblemResponse"]!["properties"]!.AsObject().Select(p => p.Key));
        Assert.Contains("wait_ms", schemas["ExecuteBody"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("bearer", (string?)document["components"]!["securitySchemes"]!["ApiKey"]!["scheme"]);
    }

    [Fact]
    public async Task SwaggerUi_IsThere()
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.Anonymous();

        using var page = await client.GetAsync("/swagger/index.html");

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("swagger-ui", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Types(JsonNode schema) => schema["type"]!.AsArray().Select(t => (string)t!).Order(StringComparer.Ordinal);

    private static async Task<JsonObject> ReadAsync()
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.Anonymous();
        return await client.GetAsync("/openapi/v1.json").ShouldBeAsync(HttpStatusCode.OK);
    }
}
