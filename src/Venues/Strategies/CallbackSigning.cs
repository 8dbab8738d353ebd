using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EmergencyStop.Ids;

namespace EmergencyStop.Venues.Strategies;

/// <summary>Signs notices as Standard Webhooks does: what is signed is id, time and body. Pure.</summary>
/// <remarks>Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md.</remarks>
internal static class CallbackSigning
{
    public const string IdHeader = "webhook-id";
    public const string TimeHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";
    private const string Prefix = "whsec_";

    /// <summary>One strategy's secret, made of the service's: nobody can make another's of it, and none is stored.</summary>
    public static byte[] SecretOf(byte[] service, StrategyId strategy, int generation) => HMACSHA256.HashData(
        service, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"strategy callback\n{strategy.Value}\n{generation}")));

    /// <summary>A secret as its owner is shown it.</summary>
    public static string Show(byte[] secret) => Prefix + Convert.ToBase64String(secret);

    /// <summary>The signature header of one try.</summary>
    public static string Sign(byte[] secret, string id, long unixSeconds, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{unixSeconds}.")));
        hash.AppendData(body);
        return $"v1,{Convert.ToBase64String(hash.GetHashAndReset())}";
    }
}
