using System.Net.Sockets;

namespace EmergencyStop.Venues.Alpaca;

/// <summary>The connections to the venue.</summary>
internal static class AlpacaConnections
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>A client whose connections are reset when they are closed in the middle of a request.</summary>
    /// <remarks>
    /// No redirects, no cookies, no proxy, HTTP/1.1 only: an order goes to the venue or nowhere, in one piece, and nobody
    /// on the way holds on to it. Timeouts are the caller's. Connections live for minutes only, so that a half-open one
    /// or an old address does not stay (F26).
    /// </remarks>
    public static HttpClient Open(AlpacaOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = options.ConnectTimeout,
            MaxConnectionsPerServer = options.Connections,
            PooledConnectionIdleTimeout = IdleTime,
            PooledConnectionLifetime = Lifetime,
            ConnectCallback = ConnectAsync,
        };
        return new HttpClient(handler)
        {
            BaseAddress = options.BaseUrl,
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestVersion = new Version(1, 1),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,

            // Closing drops what is not sent yet and resets the connection: past the send window nothing may trickle out.
            LingerState = new LingerOption(enable: true, seconds: 0),
        };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new ResettingStream(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Closes at once: a stream that owns its socket shuts it down first, which tells the venue that all is well.</summary>
    private sealed class ResettingStream(Socket socket) : NetworkStream(socket, ownsSocket: false)
    {
        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (disposing)
            {
                Socket.Dispose();
            }
        }
    }
}
