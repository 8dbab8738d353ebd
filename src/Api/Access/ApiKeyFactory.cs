using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace EmergencyStop.Api.Access;

/// <summary>Makes API keys: <c>esk_</c> and 32 random bytes in base64url. Only their hash is ever stored.</summary>
public static class ApiKeyFactory
{
    /// <summary>What every key begins with, so that a leaked one is recognised.</summary>
    public const string Prefix = "esk_";

    private const int SecretBytes = 32;
    private const int SecretCharacters = 43;

    /// <summary>A new key, to be shown once, and the hash to store.</summary>
    /// <param name="random">Where the 32 bytes come from.</param>
    public static (string Key, string Hash) Make(RandomNumberGenerator random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var secret = new byte[SecretBytes];
        random.GetBytes(secret);
        var key = Prefix + Base64Url.EncodeToString(secret);
        return (key, Hash(key));
    }

    /// <summary>The hash under which a key is stored: SHA-256, lower-case hex. The key has 256 random bits, so no salt is needed.</summary>
    public static string Hash(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
    }

    /// <summary>Whether the text could be a key at all; anything else is not worth a question to the ledger.</summary>
    public static bool HasShape(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length == Prefix.Length + SecretCharacters
            && text.StartsWith(Prefix, StringComparison.Ordinal)
            && text.AsSpan(Prefix.Length).IndexOfAnyExcept(Base64UrlCharacters) < 0;
    }

    private static System.Buffers.SearchValues<char> Base64UrlCharacters { get; } =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
}
