using EmergencyStop.Client.Wire;

namespace EmergencyStop.Client;

/// <summary>Calls an Emergency Stop service as the owner of one API key. Safe for use by many threads at a time.</summary>
/// <remarks>
/// <para>
/// <b>Errors.</b> Whatever is not the answer that was asked for is one exception type, <see cref="EmergencyStopException"/>,
/// with an <see cref="EmergencyStopProblem"/> whose <c>Code</c> is stable: the service's own, or <c>unreachable</c> when
/// nobody answered, or <c>unexpected_answer</c> when somebody else did. An <see cref="ArgumentException"/> is the
/// caller's own mistake.
/// </para>
/// <para>
/// <b>Retries.</b> A failure that may pass is retried, with growing delays and jitter. That is safe because every POST
/// carries an idempotency key, and each retry of it the same key and the same bytes: a stop that is sent five times is
/// one stop. When all retries failed, the exception holds the key, so that the same call can be made again.
/// </para>
/// <para>
/// <b>Cancellation.</b> A cancelled token abandons the wait, never a stop: the press goes on being sent, with its
/// retries, until it is answered or they are used up, even when the token was cancelled before the call. Every other
/// call is given up with its token, and what it asked for may or may not have been done.
/// </para>
/// </remarks>
public sealed partial class EmergencyStopClient : IAsyncDisposable
{
    private readonly EmergencyStopClientOptions _options;
    private readonly ServiceLink _link;

    /// <summary>A client with connections of its own.</summary>
    /// <param name="options">Where the service is, whose key is used, and how patient the client is.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public EmergencyStopClient(EmergencyStopClientOptions options)
        : this(options, ServiceLink.OwnHttp(), ownsHttp: true)
    {
    }

    /// <summary>A client over somebody else's connections, from an <c>IHttpClientFactory</c> for instance.</summary>
    /// <param name="options">Where the service is, whose key is used, and how patient the client is.</param>
    /// <param name="http">Stays the caller's, neither changed nor disposed of. It should not follow redirects and not retry.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public EmergencyStopClient(EmergencyStopClientOptions options, HttpClient http)
        : this(options, http, ownsHttp: false)
    {
    }

    private EmergencyStopClient(EmergencyStopClientOptions options, HttpClient http, bool ownsHttp)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(http);
        options.Check();
        _options = options;
        _link = new ServiceLink(options, http, ownsHttp);
    }

    /// <summary>Waits for stops that are still being sent, then closes the connections if they are the client's own.</summary>
    /// <returns>Done when every stop was answered or its retries are used up, which <see cref="EmergencyStopClientOptions.MaxRetries"/> bounds.</returns>
    public ValueTask DisposeAsync() => _link.DisposeAsync();

    /// <summary>A part of a path: everything but letters, digits and <c>-._~</c> is percent-encoded.</summary>
    private static string Part(string id, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id, name);
        return Uri.EscapeDataString(id);
    }
}
