using System.Security.Cryptography;
using System.Text;
using EmergencyStop.Ids;

namespace EmergencyStop.Grains.Closing;

/// <summary>The venue id of a closing order: the same attempt has the same id, so that it can never be sent twice (F23).</summary>
public static class ClosingId
{
    private const int HexDigits = 40;

    /// <summary>A hash of stop, account, symbol and attempt.</summary>
    public static OrderId Of(StopId stop, AccountId account, Symbol symbol, int attempt)
    {
        var text = $"{stop.Value}\n{account.Value}\n{symbol.Value}\n{attempt}";
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        return OrderId.Parse($"close-{hash[..HexDigits]}");
    }
}
