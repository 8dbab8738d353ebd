using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using EmergencyStop.Access;
using EmergencyStop.Api.Tests.Hosting;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Stopping;
using Xunit.Abstractions;

namespace EmergencyStop.Api.Tests.Fuzzing;

/// <summary>Every operation of the running service's own description, with requests that nobody could mean: no 5xx, a problem each, nothing changed.</summary>
[Trait("Host", "Both")]
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Requests = 4_000;
    private const int AtOnce = 8;
    private const int KeysEach = 8; // So that no key meets its budget.
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(15);

    /// <summary>Answers of the server itself to what is no HTTP that it could hand on: bare by nature.</summary>
    private static readonly HttpStatusCode[] BelowTheApi = [HttpStatusCode.BadRequest, HttpStatusCode.RequestHeaderFieldsTooLarge, HttpStatusCode.RequestUriTooLong];

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    [InlineData(20261122)]
    [InlineData(375101823)]
    public async Task BadInput_IsAProblemEach_AndChangesNothing(int? fixedSeed)
    {
        var seed = fixedSeed ?? (int)(Stopwatch.GetTimestamp() & int.MaxValue);
        output.WriteLine($"seed {seed}");
        await using var service = await RealService.StartAsync();
        var clients = await Task.WhenAll(Enumerable.Range(0, AtOnce * KeysEach).Select(async _ => (await service.AddKeyAsync(Role.Admin)).Client));
        var operations = ApiOperation.All(await clients[0].GetAsync("/openapi/v1.json").ShouldBeAsync(HttpStatusCode.OK)).ToArray();
        var methods = operations.GroupBy(o => o.Path, o => o.Method).ToDictionary(g => g.Key, g => g.ToArray());
        var before = await StateAsync(service);
        var tried = new ConcurrentDictionary<string, int>();
        var wrong = new ConcurrentQueue<string>();

        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async worker =>
        {
            var random = new Random(unchecked((seed * 31) + worker));
            var requests = new BadRequests(random, clients[worker].BaseAddress!);
            for (var i = worker; i < Requests && (i < operations.Length * AtOnce || Stopwatch.GetElapsedTime(began) < Budget); i += AtOnce)
            {
                var operation = operations[(i / AtOnce + worker) % operations.Length];
                var client = clients[worker + (AtOnce * (i / AtOnce % KeysEach))];
                using var request = requests.Make(operation, methods[operation.Path]);
                tried.AddOrUpdate(operation.ToString(), 1, (_, n) => n + 1);
                try
                {
                    if (await WhyWrongAsync(client, request, operation) is { } why)
                    {
                        wrong.Enqueue(why);
                    }
                }
                catch (HttpRequestException e)
                {
                    wrong.Enqueue($"no answer for {Show(request)}: {e.InnerException?.Message}");
                }
            }
        }));

        output.WriteLine($"{tried.Values.Sum()} requests");
        Assert.True(wrong.IsEmpty, $"seed {seed}: {wrong.Count} wrong answers:\n{string.Join('\n', wrong.Distinct().Take(20))}");
        Assert.Equal(before, await StateAsync(service));
        Assert.Equal(operations.Select(o => o.ToString()).Order(StringComparer.Ordinal), tried.Keys.Order(StringComparer.Ordinal));
        Assert.True(tried.Values.Min() >= 5, $"seed {seed}: an operation was tried {tried.Values.Min()} times only.");
        Array.ForEach(clients, c => c.Dispose());
    }

    /// <summary>What is wrong with the answer to a wrong request, or <c>null</c>.</summary>
    private static async Task<string?> WhyWrongAsync(HttpClient client, HttpRequestMessage request, ApiOperation operation)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, bound.Token);
        var status = (int)response.StatusCode;
        if (status < 400)
        {
            return operation.Changes && request.Method.Method == operation.Method && operation.Fields is not null
                ? $"{status} for {Show(request)}" : null;
        }

        var text = await response.Content.ReadAsStringAsync(bound.Token);
        if (status is >= 500 or 429)
        {
            return $"{status} for {Show(request)}: {text}";
        }

        if (request.Method == HttpMethod.Head || (text.Length == 0 && response.Headers.ConnectionClose == true && BelowTheApi.Contains(response.StatusCode)))
        {
            return null;
        }

        try
        {
            var problem = JsonNode.Parse(text)!;
            var whole = response.Content.Headers.ContentType?.MediaType == "application/problem+json"
                && (int?)problem["status"] == status && (string?)problem["code"] is { Length: > 0 } code && (string?)problem["trace_id"] is { Length: > 0 }
                && (code != "validation_failed" || (string?)problem["field"] is not null);
            return whole ? null : $"no whole problem for {Show(request)}: {text}";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return $"{status} and no JSON for {Show(request)}: {response.Content.Headers.ContentType} {text}";
        }
    }

    private static string Show(HttpRequestMessage request)
    {
        var body = request.Content is { } content ? Convert.ToHexString(content.ReadAsByteArrayAsync().GetAwaiter().GetResult().AsSpan() is var b && b.Length > 60 ? b[..60] : b) : "no body";
        return string.Create(CultureInfo.InvariantCulture, $"{request.Method} {Cut(request.RequestUri!.OriginalString)} {request.Content?.Headers.ContentType} {body}");
    }

    private static string Cut(string text) => text.Length > 300 ? text[..300] : text;

    /// <summary>What must not change: the ledger's number, its stops, orders and strategies, and the audit but for refused attempts.</summary>
    private static async Task<string> StateAsync(RealService service)
    {
        var ledger = service.Ledger;
        var counts = await ledger.CountsAsync(CancellationToken.None);
        var orders = await ledger.OrdersAsync(new OrderQuery(null, null, null, false, null, 500), CancellationToken.None);
        var strategies = await ledger.StrategiesAsync(null, null, 500, CancellationToken.None);
        var audit = await ledger.AuditAsync(0, 5_000, CancellationToken.None);
        var entries = audit.Count(e => !e.Entry.Action.EndsWith(".refused", StringComparison.Ordinal));
        return $"number {ledger.Gate.Number}, {counts}, {orders.Items.Length} orders, {strategies.Items.Length} strategies, {entries} audit entries";
    }
}
