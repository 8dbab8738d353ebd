using System.Net;
using System.Net.Sockets;

namespace EmergencyStop.Venues.Strategies;

/// <summary>Connections to allowed addresses only: the address that is connected to is the one that was judged.</summary>
internal sealed class CallbackConnections(CallbackNetworks networks)
{
    private const int MostAddresses = 16;
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30); // A name that moves is looked at again soon.

    /// <summary>A client that follows no redirect and asks no proxy, either of which could lead elsewhere.</summary>
    public HttpClient Open() => new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            MaxConnectionsPerServer = 8,
            MaxResponseHeadersLength = 16,
            PooledConnectionLifetime = Lifetime,
            PooledConnectionIdleTimeout = Lifetime,
            ActivityHeadersPropagator = null,
            ConnectCallback = async (context, cancellationToken) => await ConnectAsync(context.DnsEndPoint, cancellationToken),
        },
        disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan }; // Each try has its own.

    /// <summary>The addresses of a host that may be called, or why none may; <c>null</c> for both where it does not resolve.</summary>
    public async Task<(IPAddress[] Allowed, string? Why)> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(host.Trim('[', ']'), out var literal)
            ? [literal]
            : await Dns.GetHostAddressesAsync(host, cancellationToken);
        var judged = addresses.Take(MostAddresses).Select(a => (Address: a, Why: networks.WhyNot(a))).ToArray();
        var allowed = judged.Where(j => j.Why is null).Select(j => j.Address).ToArray();
        return (allowed, allowed.Length > 0 ? null : judged.Select(j => j.Why).FirstOrDefault());
    }

    private async Task<Stream> ConnectAsync(DnsEndPoint to, CancellationToken cancellationToken)
    {
        var (allowed, why) = await ResolveAsync(to.Host, cancellationToken);
        if (allowed.Length == 0)
        {
            throw new CallbackRefusedException(why ?? "its name has no address");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, to.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>The address of a callback may not be called.</summary>
internal sealed class CallbackRefusedException(string why) : IOException(why);
