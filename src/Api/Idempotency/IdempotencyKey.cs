using System.Security.Cryptography;
using System.Text;
using EmergencyStop.Api.Errors;
using EmergencyStop.Ids;
using Microsoft.AspNetCore.Http;

namespace EmergencyStop.Api.Idempotency;

/// <summary>The <c>Idempotency-Key</c> of a request: the caller's own name for it.</summary>
internal static class IdempotencyKey
{
    /// <summary>The header.</summary>
    public const string Header = "Idempotency-Key";

    /// <summary>Longest key, in characters.</summary>
    public const int Longest = 128;

    private const int HashCharacters = 40;

    /// <summary>The key, <c>null</c> when there is none, or what is wrong with it.</summary>
    public static (string? Key, Problem? Problem) Read(HttpRequest request)
    {
        var values = request.Headers[Header];
        if (values.Count == 0)
        {
            return (null, null);
        }

        var key = values.Count == 1 ? values[0] : null;
        return key is { Length: > 0 and <= Longest } && key.All(c => c is > ' ' and <= '~')
            ? (key, null)
            : (null, Problems.ValidationFailed(Header, $"{Header} must be one key of 1 to {Longest} visible ASCII characters."));
    }

    /// <summary>A client order id for an order that has none: the same key gives the same order even if the answer was lost.</summary>
    public static ClientOrderId ClientOrderIdOf(string keyId, string idempotencyKey)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{keyId}\n{idempotencyKey}"));
        return ClientOrderId.Parse($"idem-{Convert.ToHexStringLower(hash)[..HashCharacters]}");
    }
}
