using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace EmergencyStop.Venues.Strategies;

/// <summary>Which addresses a callback may go to.</summary>
/// <remarks>
/// Whoever registers a strategy chooses its URL, so without this the service could be made to call into its own network:
/// a database, a cloud's metadata, its own API. Addresses are judged, never names: a name says today what it likes.
/// </remarks>
public sealed class CallbackNetworks
{
    /// <summary>Everything that is not a public unicast address; IANA's registries of special-purpose addresses, and Azure's 168.63.129.16.</summary>
    private static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16", "172.16.0.0/12",
            "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
            "224.0.0.0/4", "240.0.0.0/4",
            "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16",
            "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(n => IPNetwork.Parse(n)),
    ];

    private readonly IPNetwork[] _allowed;
    private readonly bool _public;
    private readonly Func<IEnumerable<IPAddress>> _own;

    /// <summary>The rule that the settings make.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="own">This machine's addresses; <c>null</c> asks the system.</param>
    public CallbackNetworks(CallbackOptions options, Func<IEnumerable<IPAddress>>? own = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _allowed = [.. options.AllowedNetworks.Select(n => IPNetwork.Parse(n))];
        _public = options.PublicNetworks;
        _own = own ?? OwnAddresses;
    }

    /// <summary>Why this address may not be called, or <c>null</c>. An IPv4 address inside an IPv6 one is judged as itself.</summary>
    public string? WhyNot(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (plain.AddressFamily == AddressFamily.InterNetworkV6)
        {
            plain = new IPAddress(plain.GetAddressBytes()); // Without a zone, which no network has.
        }

        if (_allowed.Any(n => n.Contains(plain)))
        {
            return null;
        }

        return !_public ? "it is in none of the allowed networks"
            : Special.Any(n => n.Contains(plain)) ? "it is no public address, and in none of the allowed networks"
            : _own().Contains(plain) ? "it is this machine's own address"
            : null;
    }

    private static IEnumerable<IPAddress> OwnAddresses() =>
        NetworkInterface.GetAllNetworkInterfaces().SelectMany(n => n.GetIPProperties().UnicastAddresses).Select(a => a.Address);
}
