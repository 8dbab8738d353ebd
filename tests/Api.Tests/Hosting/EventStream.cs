using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;

namespace EmergencyStop.Api.Tests.Hosting;

/// <summary>A stream of server-sent events, read one by one.</summary>
internal sealed class EventStream : IAsyncDisposable
{
    private readonly HttpClient _client;
    private readonly HttpResponseMessage _response;
    private readonly IAsyncEnumerator<SseItem<JsonNode>> _events;

    private EventStream(HttpClient client, HttpResponseMessage response, Stream body)
    {
        (_client, _response) = (client, response);
        _events = SseParser.Create(body, (_, data) => JsonNode.Parse(data)!).EnumerateAsync().GetAsyncEnumerator(); // Never null here.
    }

    public static async Task<EventStream> OpenAsync(HttpClient client, string path, string? last = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (last is not null)
        {
            request.Headers.Add("Last-Event-ID", last);
        }

        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new(client, response, await response.Content.ReadAsStreamAsync());
    }

    public async Task<SseItem<JsonNode>> NextAsync()
    {
        Assert.True(await _events.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
        return _events.Current;
    }

    public ValueTask DisposeAsync()
    {
        _response.Dispose();
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
