using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EmergencyStop.Ledger.Braking;

/// <summary>One record of the spool in its bytes. Pure.</summary>
/// <remarks>
/// Eight bytes that say what it is, the length of the text, SHA-256 over slot and text, the text as JSON, zeros to the end.
/// An empty record is zeros only. Anything else is torn: written in part, or damaged since.
/// </remarks>
internal static class SpoolRecord
{
    /// <summary>Bytes of a record: one page, so that most disks write it whole; the checksum finds those that do not.</summary>
    public const int Size = 4096;

    private const int LengthAt = 8;
    private const int HashAt = 12;
    private const int TextAt = HashAt + SHA256.HashSizeInBytes;

    private static readonly JsonSerializerOptions Json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // Other scripts would take six bytes a letter.
        IgnoreReadOnlyProperties = true,
    };

    private static ReadOnlySpan<byte> Mark => "ESTOPSP1"u8;

    /// <summary>The bytes of a stop in a slot.</summary>
    /// <exception cref="InvalidOperationException">It is too long; the bounds of its parts exclude that.</exception>
    public static byte[] Of(SpooledStop stop, int slot)
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(stop, Json);
        if (text.Length > Size - TextAt)
        {
            throw new InvalidOperationException($"Stop {stop.Id} takes {text.Length} bytes, more than a record of the spool holds.");
        }

        var bytes = new byte[Size];
        Mark.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(LengthAt), text.Length);
        Hash(slot, text).CopyTo(bytes.AsSpan(HashAt));
        text.CopyTo(bytes.AsSpan(TextAt));
        return bytes;
    }

    /// <summary>Whether the slot holds nothing.</summary>
    public static bool IsEmpty(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExcept((byte)0);

    /// <summary>Reads a slot; false when it is empty or torn.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, int slot, [NotNullWhen(true)] out SpooledStop? stop)
    {
        stop = null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[LengthAt..]);
        if (!bytes.StartsWith(Mark) || length is <= 0 or > Size - TextAt)
        {
            return false;
        }

        var text = bytes.Slice(TextAt, length);
        if (!bytes.Slice(HashAt, SHA256.HashSizeInBytes).SequenceEqual(Hash(slot, text)))
        {
            return false;
        }

        try
        {
            stop = JsonSerializer.Deserialize<SpooledStop>(text, Json);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or NotSupportedException)
        {
            return false; // Whole, but of another version: it is told of like a torn one, and left where it is.
        }

        return stop is not null;
    }

    private static byte[] Hash(int slot, ReadOnlySpan<byte> text)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(number, slot);
        sha.AppendData(number);
        sha.AppendData(text);
        return sha.GetHashAndReset();
    }
}
