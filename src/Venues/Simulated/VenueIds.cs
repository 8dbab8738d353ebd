using System.Buffers.Binary;

namespace EmergencyStop.Venues.Simulated;

/// <summary>The market's order ids: its own mark and the order's number, so that no id needs to be kept.</summary>
/// <remarks>The mark differs from run to run: an order of an earlier run must not be taken for one of this run.</remarks>
internal sealed class VenueIds(Random random)
{
    private readonly long _mark = random.NextInt64(1, long.MaxValue);

    public Guid Of(long sequence)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, _mark);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], sequence);
        return new(bytes, bigEndian: true);
    }

    /// <summary>The order's number, or <c>null</c> where the text is no id of this market.</summary>
    public long? Sequence(string? venueOrderId)
    {
        if (!Guid.TryParse(venueOrderId, out var id))
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[16];
        _ = id.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadInt64BigEndian(bytes) == _mark ? BinaryPrimitives.ReadInt64BigEndian(bytes[8..]) : null;
    }
}
