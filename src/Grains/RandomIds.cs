using System.Security.Cryptography;
using EmergencyStop.Ids;

namespace EmergencyStop.Grains;

/// <summary>Ids from the system's cryptographic randomness, after the time in milliseconds, so that they sort by age.</summary>
/// <param name="time">The clock.</param>
public sealed class RandomIds(TimeProvider time) : IIdSource
{
    private const int RandomBytes = 10;

    /// <inheritdoc/>
    public OrderId NewOrderId() => OrderId.Parse(New("o-"));

    /// <inheritdoc/>
    public StopId NewStopId() => StopId.Parse(New("s-"));

    private string New(string prefix)
    {
        Span<byte> random = stackalloc byte[RandomBytes];
        RandomNumberGenerator.Fill(random);
        return string.Concat(prefix, time.GetUtcNow().ToUnixTimeMilliseconds().ToString("x11", null), Convert.ToHexStringLower(random));
    }
}
