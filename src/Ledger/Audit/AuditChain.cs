using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EmergencyStop.Ledger.Audit;

/// <summary>The arithmetic of the audit's hash chain. Pure; the same for every ledger.</summary>
public static class AuditChain
{
    /// <summary>What stands before the first entry.</summary>
    public static string Beginning { get; } = new('0', 64);

    /// <summary>The entry in its place after the head.</summary>
    public static ChainedAuditEntry Append(long headSequence, string headHash, AuditEntry entry) =>
        new(headSequence + 1, entry, headHash, Hash(headHash, headSequence + 1, entry));

    /// <summary>SHA-256, lower-case hex, over seven parts, each led by its length in UTF-8 bytes as a big-endian 32-bit number.</summary>
    /// <remarks>The parts: previous hash, sequence, time in microseconds since 1970 UTC, actor, action, subject, details.</remarks>
    public static string Hash(string previousHash, long sequence, AuditEntry entry)
    {
        var micros = (entry.At.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(sha, previousHash);
        Add(sha, sequence.ToString(CultureInfo.InvariantCulture));
        Add(sha, micros.ToString(CultureInfo.InvariantCulture));
        Add(sha, entry.Actor);
        Add(sha, entry.Action);
        Add(sha, entry.Subject);
        Add(sha, entry.Details);
        return Convert.ToHexStringLower(sha.GetHashAndReset());
    }

    /// <summary>Checks a whole chain, oldest entry first, against the head that the ledger keeps.</summary>
    public static AuditVerdict Verify(IEnumerable<ChainedAuditEntry> entries, long headSequence, string headHash)
    {
        var (count, sequence, hash) = (0L, 0L, Beginning);
        foreach (var entry in entries)
        {
            count++;
            var expected = sequence + 1;
            if (Fault(entry, expected, hash) is { } why)
            {
                return new(count, expected, why);
            }

            (sequence, hash) = (entry.Sequence, entry.Hash);
        }

        if (sequence == headSequence && hash == headHash)
        {
            return new(count, null, null);
        }

        return sequence < headSequence
            ? new(count, sequence + 1, $"Entry {Text(sequence + 1)} is missing: the ledger's head is entry {Text(headSequence)}.")
            : new(count, Math.Max(1, sequence), $"The last entry, {Text(sequence)}, is not the ledger's head, entry {Text(headSequence)}.");
    }

    private static string? Fault(ChainedAuditEntry entry, long expected, string previous)
    {
        if (entry.Sequence != expected)
        {
            return $"Entry {Text(expected)} is missing: entry {Text(entry.Sequence)} follows.";
        }

        if (entry.PreviousHash != previous)
        {
            return $"Entry {Text(expected)} does not carry the hash of the entry before it.";
        }

        return entry.Hash == Hash(previous, expected, entry.Entry) ? null : $"Entry {Text(expected)} does not match its own hash.";
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Add(IncrementalHash sha, string text)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        var bytes = Encoding.UTF8.GetBytes(text);
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        sha.AppendData(length);
        sha.AppendData(bytes);
    }
}
