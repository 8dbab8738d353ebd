using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace EmergencyStop.Silo.Tests;

/// <summary>No key and no secret is ever written down, however loud the log is.</summary>
[Trait("Host", "Any")]
public sealed class SecretsTests
{
    private const string VenueSecret = "venue-secret-5f1d0c";
    private const string WrongKey = "esk_WRONGwrongWRONGwrongWRONGwrongWRONGwrong000";
    private const string NoKey = "hunter2-not-even-a-key";

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task Secrets_AreInNoLogNoFileAndNoAnswer(string format)
    {
        using var data = new TempFolder();
        await using var simulator = await Simulator.StartAsync();
        var officer = await ServiceClient.MakeKeyAsync(data.Path, "admin");
        var trader = await ServiceClient.MakeKeyAsync(data.Path, "trader", "alice");
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Logging__LogLevel__Default"] = "Trace",
            ["Logging__LogLevel__Microsoft"] = "Trace",
            ["Logging__LogLevel__System"] = "Trace",
            ["Logging__LogLevel__Polly"] = "Trace",
            ["Telemetry__LogFormat"] = format,
            ["Venues__Accounts__alice__Secret"] = VenueSecret,
        };
        var answers = new StringBuilder();
        string output;
        await using (var service = await ServiceProcess.StartWithAsync(data.Path, environment, "--venue-url", simulator.Url.ToString()))
        {
            using var http = new HttpClient { BaseAddress = service.Url };
            var document = JsonNode.Parse(await http.GetStringAsync("/openapi/v1.json"))!;
            foreach (var key in (string?[])[officer, trader, WrongKey, NoKey, null])
            {
                http.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
                await CallAllAsync(http, document, answers);
            }

            using var alice = ServiceClient.Of(service, trader);
            await alice.PlaceAsync("alice");
            answers.Append((await alice.PostAsync("emergency-stop/panic")).Body.ToJsonString());
            await service.TerminateAsync();
            output = service.Output;
        }

        string[] secrets = [officer, trader, WrongKey, NoKey, VenueSecret];
        Assert.Contains("trce", format == "text" ? output : "trce", StringComparison.Ordinal);
        Assert.Contains("Trace", format == "json" ? output : "Trace", StringComparison.Ordinal);
        AssertNone(secrets, output, "the log");
        AssertNone(secrets, answers.ToString(), "an answer");
        foreach (var file in Directory.EnumerateFiles(data.Path, "*", SearchOption.AllDirectories))
        {
            AssertNone(secrets, Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)), file);
        }
    }

    private static async Task CallAllAsync(HttpClient http, JsonNode document, StringBuilder answers)
    {
        foreach (var (path, operations) in document["paths"]!.AsObject())
        {
            foreach (var (method, _) in operations!.AsObject())
            {
                using var request = new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), path.Replace('{', 'x').Replace('}', 'x'));
                request.Content = method is "get" ? null : new StringContent("""{"nobody_knows_this": 1}""", Encoding.UTF8, "application/json");
                using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
                {
                    answers.Append(await response.Content.ReadAsStringAsync());
                }
            }
        }
    }

    private static void AssertNone(string[] secrets, string text, string where) =>
        Assert.All(secrets, secret => Assert.False(text.Contains(secret, StringComparison.Ordinal), $"{secret[..7]}… is in {where}."));
}
