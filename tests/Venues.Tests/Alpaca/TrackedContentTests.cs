using EmergencyStop.Venues.Alpaca;

namespace EmergencyStop.Venues.Tests.Alpaca;

/// <summary>What is said of a body's way holds at every point of it.</summary>
public sealed class TrackedContentTests
{
    [Fact]
    public async Task Phase_GoesFromConnectOverWriteToAcknowledge()
    {
        var seen = new List<VenuePhase>();
        var permit = new TestPermit();
        using var content = new TrackedContent([1, 2, 3], TimeProvider.System, permit);
        using var wire = new Wire(() => seen.Add(content.Phase));

        Assert.Equal(VenuePhase.Connect, content.Phase);
        await content.CopyToAsync(wire);

        Assert.Equal([VenuePhase.Write], seen);
        Assert.Equal((VenuePhase.Acknowledge, 1, 3), (content.Phase, permit.Asked, wire.Written));
        Assert.NotNull(content.WrittenAt);
    }

    /// <summary>A write that fails may have sent a part: nobody attests that it did not.</summary>
    [Fact]
    public async Task Phase_WhenTheWriteFails_IsWrite()
    {
        using var content = new TrackedContent([1, 2, 3], TimeProvider.System, new TestPermit());
        using var wire = new Wire(() => throw new IOException("cut"));

        await Assert.ThrowsAnyAsync<Exception>(() => content.CopyToAsync(wire));

        Assert.Equal(VenuePhase.Write, content.Phase);
        Assert.Null(content.WrittenAt);
    }

    [Fact]
    public async Task Permit_WhenRefused_LetsNoByteOut()
    {
        using var content = new TrackedContent([1, 2, 3], TimeProvider.System, new TestPermit("no"));
        using var wire = new Wire(() => { });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => content.CopyToAsync(wire));

        Assert.Equal((VenuePhase.Connect, 0, "no"), (content.Phase, wire.Written, content.Refusal));
    }

    [Fact]
    public async Task Body_OfAnOrder_IsWrittenOnceOnly()
    {
        var permit = new TestPermit();
        using var content = new TrackedContent([1, 2, 3], TimeProvider.System, permit);
        using var wire = new Wire(() => { });
        await content.CopyToAsync(wire);

        await Assert.ThrowsAsync<InvalidOperationException>(() => content.CopyToAsync(wire));

        Assert.Equal((1, 3), (permit.Asked, wire.Written));
    }

    private sealed class Wire(Action beforeWrite) : MemoryStream
    {
        public int Written { get; private set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            beforeWrite();
            Written += buffer.Length;
            return ValueTask.CompletedTask;
        }
    }
}
