using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using EmergencyStop.Api.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Api.Wire;

/// <summary>The body of one request, read once and kept for whoever asks again.</summary>
internal sealed class RequestBody
{
    private static readonly byte[] EmptyObject = "{}"u8.ToArray();

    private RequestBody(ReadOnlyMemory<byte> bytes, string hash) => (Bytes, Hash) = (bytes, hash);

    /// <summary>The bytes, without surrounding white space; <c>{}</c> when there are none.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>SHA-256 of method, path and bytes, lower-case hex: what an idempotency key is bound to.</summary>
    public string Hash { get; }

    /// <summary>The body, or why it cannot be taken.</summary>
    public static async ValueTask<(RequestBody? Body, Problem? Problem)> ReadAsync(HttpContext http)
    {
        if (http.Features.Get<RequestBody>() is { } known)
        {
            return (known, null);
        }

        var options = http.RequestServices.GetRequiredService<IOptions<ApiOptions>>().Value;
        var most = options.MaxBodyBytes;
        if (http.Request.ContentLength > most)
        {
            return (null, Problems.BodyTooLarge(most));
        }

        var time = http.RequestServices.GetRequiredService<TimeProvider>();
        using var late = new CancellationTokenSource(TimeSpan.FromMilliseconds(options.BodyTimeoutMs), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, http.RequestAborted);
        byte[]? raw;
        try
        {
            raw = await ReadAtMostAsync(http.Request.Body, most, either.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !http.RequestAborted.IsCancellationRequested)
        {
            http.Response.Headers.Connection = "close"; // The rest of the body may still come.
            return (null, Problems.BodyTooSlow);
        }

        if (raw is null)
        {
            return (null, Problems.BodyTooLarge(most));
        }

        var bytes = Trim(raw);
        if (!bytes.IsEmpty && http.Request.ContentType is { Length: > 0 } && !http.Request.HasJsonContentType())
        {
            return (null, Problems.UnsupportedMediaType);
        }

        var body = new RequestBody(bytes.IsEmpty ? EmptyObject : bytes, HashOf(http.Request, bytes.IsEmpty ? EmptyObject : bytes));
        http.Features.Set(body);
        return (body, null);
    }

    /// <summary>The body as JSON of a type, or why not.</summary>
    public static async ValueTask<(T? Value, string Hash, Problem? Problem)> ReadAsync<T>(HttpContext http)
        where T : class, new()
    {
        var (body, problem) = await ReadAsync(http);
        if (body is null)
        {
            return (null, string.Empty, problem);
        }

        var (value, wrong) = JsonBody.Parse<T>(body.Bytes.Span);
        return (value, body.Hash, wrong);
    }

    private static async ValueTask<byte[]?> ReadAtMostAsync(Stream stream, int most, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(most + 1);
        try
        {
            var count = await stream.ReadAtLeastAsync(buffer.AsMemory(0, most + 1), most + 1, throwOnEndOfStream: false, cancellationToken);
            return count > most ? null : buffer[..count];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> raw)
    {
        ReadOnlySpan<byte> byteOrderMark = [0xEF, 0xBB, 0xBF];
        var text = raw.Span.StartsWith(byteOrderMark) ? raw[byteOrderMark.Length..] : raw;
        return text.Trim(" \t\r\n"u8);
    }

    private static string HashOf(HttpRequest request, ReadOnlyMemory<byte> bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method}\n{request.Path.Value}\n"));
        hash.AppendData(bytes.Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
