using System.Text;
using System.Text.Json.Nodes;

namespace EmergencyStop.Api.Tests.Fuzzing;

/// <summary>Makes requests that are wrong by construction: what changes something always gets a body or a method that nobody could mean.</summary>
internal sealed class BadRequests(Random random, Uri address)
{
    private const int DeepNesting = 2_000;
    private const int MoreThanABody = 70_000;

    private static readonly string[] Texts =
    [
        "", "%01", "%00x", "a%2Fb", "%2e%2e", "..%2f..", "a%20b", "%F0%9F%92%A9", "%FF%FE", "%C0%80", "%25%30%30", "'%20OR%201=1--", "a:b", "%0d%0aX:1",
        "-", "%ED%A0%80", "%u0041", "x", "99999999999999999999999999", "-1", "1e400", "NaN", "null", "true", "%EF%BB%BF", "%E2%80%AE", "%C3%A9",
    ];

    private static readonly string[] Types = ["text/plain", "application/xml", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "application/octet-stream", "a/b; charset="];

    private static readonly string[] Methods = ["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "QUERY", "FOO"];

    /// <summary>A wrong request to an operation; <paramref name="known"/> are the methods that its path has.</summary>
    public HttpRequestMessage Make(ApiOperation operation, IReadOnlyCollection<string> known)
    {
        var foreign = Methods.Where(m => !known.Contains(m)).ToArray();
        var method = random.Next(12) == 0 ? foreign[random.Next(foreign.Length)] : operation.Method;
        var swapped = method != operation.Method;
        var url = Path(operation) + Query(operation);
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(address + url, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (!swapped && operation.Fields is { } fields)
        {
            request.Content = Body(fields);
        }
        else if (operation.Changes && random.Next(3) == 0 && method is not ("TRACE" or "HEAD" or "GET"))
        {
            request.Content = Body([]);
        }

        AddHeaders(request);
        return request;
    }

    private string Path(ApiOperation operation) => string.Join('/', operation.Path.TrimStart('/').Split('/').Select(part => part.StartsWith('{') ? Text() : part));

    private string Text() => random.Next(12) switch
    {
        0 => new string('x', 1 + random.Next(3_000)),
        1 => string.Concat(Enumerable.Range(0, 1 + random.Next(20)).Select(_ => $"%{1 + random.Next(255):X2}")),
        _ => Texts[1 + random.Next(Texts.Length - 1)],
    };

    private string Query(ApiOperation operation)
    {
        if (random.Next(2) == 0)
        {
            return string.Empty;
        }

        string[] names = [.. operation.Queries, "nobody_knows_this", "", "%00", "a%5B%5D"];
        var fields = Enumerable.Range(0, 1 + random.Next(4)).Select(_ => $"{names[random.Next(names.Length)]}={Text()}").ToList();
        fields.Add(random.Next(3) == 0 ? fields[0] : "nor_this=1");
        return $"?{string.Join('&', fields)}";
    }

    private ByteArrayContent Body((string Name, JsonNode Schema)[] fields)
    {
        var field = fields.Length == 0 ? "nobody_knows_this" : fields[random.Next(fields.Length)].Name;
        var (bytes, type) = random.Next(16) switch
        {
            0 => (Utf8($$"""{"{{field}}": "tru"""), null),
            1 => (Utf8("""{"nobody_knows_this": 1}"""), null),
            2 => (Utf8($$"""{"{{field}}": "a", "{{field}}": "a"}"""), null),
            3 => (Utf8($$"""{"{{field}}": {"a": [[1]]} }"""), null),
            4 => (Utf8($$"""{"x": {{new string('[', DeepNesting)}}1{{new string(']', DeepNesting)}} }"""), null),
            5 => (Utf8($$"""{"{{field}}": {{new string('9', 1 + random.Next(600))}}e{{random.Next(9_999)}}, "nor_this": 1}"""), null),
            6 => ((byte[])[.. Utf8($$"""{"{{field}}": "a"""), 0xff, 0xfe, 0xc0, .. Utf8("\"}")], null),
            7 => (Utf8($$"""{"{{field}}": "\ud800"}"""), null),
            8 => (Utf8($$"""{"{{field}}": "a\u0000b\u0007", "nor_this": "\u202e"}"""), null),
            9 => (Utf8("{\"reason\": \"x\"}"), Types[random.Next(Types.Length)]),
            10 => (Utf8($$"""{"{{field}}": "{{new string('x', MoreThanABody)}}"}"""), null),
            11 => (Utf8(((string[])["[]", "null", "\"x\"", "1", "true", "{", "}", "{}{}", "//", "{\"a\":1,}"])[random.Next(10)]), null),
            12 => (Encoding.Unicode.GetBytes($$"""{"{{field}}": "a"}"""), null),
            13 => ((byte[])[.. Utf8("{\""), 0xed, 0xa0, 0x80, .. Utf8("\": 1}")], null),
            14 => (Utf8("""{"\ud800": 1}"""), null),
            _ => (Noise(), (string?)null),
        };
        var content = new ByteArrayContent(bytes);
        content.Headers.TryAddWithoutValidation("Content-Type", type ?? (random.Next(5) == 0 ? "application/json; charset=utf-16" : "application/json"));
        return content;
    }

    /// <summary>Bytes that begin as no JSON does.</summary>
    private byte[] Noise()
    {
        var noise = new byte[1 + random.Next(500)];
        random.NextBytes(noise);
        noise[0] = (byte)'!';
        return noise;
    }

    private void AddHeaders(HttpRequestMessage request)
    {
        if (random.Next(6) == 0)
        {
            string[] keys = [new string('k', 200), "a b", "\u007f", "ok-key", "x,y"];
            request.Headers.TryAddWithoutValidation("Idempotency-Key", keys[random.Next(keys.Length)]);
        }

        if (random.Next(20) == 0)
        {
            for (var i = 0; i < 60; i++)
            {
                request.Headers.TryAddWithoutValidation($"X-Fuzz-{i}", new string('h', random.Next(100)));
            }
        }

        if (random.Next(10) == 0)
        {
            request.Headers.TryAddWithoutValidation("Accept", "application/xml");
            request.Headers.TryAddWithoutValidation("Last-Event-ID", Text());
        }
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
