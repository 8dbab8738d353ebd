using System.Net;
using System.Text.Json.Nodes;

namespace EmergencyStop.Api.Tests.Hosting;

/// <summary>Shorthand for asking and for reading answers.</summary>
internal static class Replies
{
    public static Task<HttpResponseMessage> PostAsync(this HttpClient client, string path, string? json = null, string? idempotencyKey = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, ApiHost.Base + path) { Content = json is null ? null : ApiHost.Json(json) };
        if (idempotencyKey is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        }

        return client.SendAsync(request);
    }

    public static async Task<JsonObject> JsonAsync(this HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();

    /// <summary>Asserts the status and reads the body.</summary>
    public static async Task<JsonObject> ShouldBeAsync(this Task<HttpResponseMessage> answer, HttpStatusCode status)
    {
        var response = await answer;
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode}: {text}");
        return JsonNode.Parse(text)!.AsObject();
    }

    /// <summary>Asserts that the answer is a whole problem of this code.</summary>
    public static async Task<JsonObject> ShouldBeProblemAsync(this Task<HttpResponseMessage> answer, HttpStatusCode status, string code)
    {
        var response = await answer;
        var problem = await answer.ShouldBeAsync(status);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(code, (string?)problem["code"]);
        Assert.Equal((int)status, (int?)problem["status"]);
        Assert.Equal($"urn:emergency-stop:problem:{code}", (string?)problem["type"]);
        Assert.False(string.IsNullOrEmpty((string?)problem["title"]));
        Assert.False(string.IsNullOrEmpty((string?)problem["detail"]));
        return problem;
    }

    /// <summary>Asserts that the answer says that this field is wrong.</summary>
    public static async Task ShouldRefuseAsync(this Task<HttpResponseMessage> answer, string field)
    {
        var problem = await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "validation_failed");
        Assert.Equal(field, (string?)problem["field"]);
        Assert.NotEmpty(problem["errors"]![field]!.AsArray());
    }
}
