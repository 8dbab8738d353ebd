using System.Net;
using EmergencyStop.Venues.Sending;

namespace EmergencyStop.Venues.Alpaca;

/// <summary>A request's body that knows how far it came, and asks the permit immediately before the first byte.</summary>
/// <remarks>
/// What is attested when the permit is refused: no byte of the body was handed to the network. The handler asks for the
/// body only once it has a connection, with the headers still in its write buffer or, at the most, sent; they announce
/// a <c>Content-Length</c> above 0, and the connection is then closed with a reset. So the venue has nothing, or a part
/// of a request which can never become whole. An order's body is never empty, so the same holds for every order. A mass
/// cancel has an empty body, and its headers are the whole of it: they are short, and stay in the handler's write buffer
/// until it has asked for the body.
/// </remarks>
internal sealed class TrackedContent : HttpContent
{
    private readonly byte[] _body;
    private readonly ISendPermit? _permit;
    private readonly TimeProvider _time;
    private int _asked;

    public TrackedContent(byte[] body, TimeProvider time, ISendPermit? permit = null)
    {
        _body = body;
        _time = time;
        _permit = permit;
        Headers.ContentLength = body.Length;
        if (body.Length > 0)
        {
            Headers.ContentType = new("application/json");
        }
    }

    /// <summary>How far it came: <c>Connect</c>, <c>Write</c> or <c>Acknowledge</c>.</summary>
    public VenuePhase Phase { get; private set; } = VenuePhase.Connect;

    /// <summary>When the last byte was handed to the network.</summary>
    public DateTimeOffset? WrittenAt { get; private set; }

    /// <summary>Why the permit was refused.</summary>
    public string? Refusal { get; private set; }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        await SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // A handler that wanted to send an order or a mass cancel again would come here twice. None may.
        if (_permit is not null && Interlocked.Exchange(ref _asked, 1) != 0)
        {
            throw new InvalidOperationException("It is written once.");
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (_permit is not null && !_permit.TryTake(out var why))
        {
            Refusal = why ?? "The permit was refused.";
            throw new OperationCanceledException(Refusal);
        }

        Phase = VenuePhase.Write;
        await stream.WriteAsync(_body, cancellationToken);
        await stream.FlushAsync(cancellationToken);
        WrittenAt = _time.GetUtcNow();
        Phase = VenuePhase.Acknowledge;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }
}
