using System.Text;

namespace EmergencyStop.Silo.Tests.Telemetry;

/// <summary>Reads the fields of one protobuf message, without its description.</summary>
internal readonly struct ProtobufFields(ReadOnlyMemory<byte> message)
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Bytes = 2;
    private const int Fixed32 = 5;

    /// <summary>Every length-delimited field of this number, as a message.</summary>
    public IEnumerable<ProtobufFields> Messages(int field) => All(field).Select(bytes => new ProtobufFields(bytes));

    /// <summary>The first such field as text; empty when there is none.</summary>
    public string Text(int field) => Encoding.UTF8.GetString(All(field).FirstOrDefault().Span);

    /// <summary>The first such field as hexadecimal.</summary>
    public string Hex(int field) => Convert.ToHexStringLower(All(field).FirstOrDefault().Span);

    /// <summary>The whole message as text, for searching.</summary>
    public bool Has(int field) => All(field).Count > 0;

    /// <summary>Attributes whose values are text or, as "#", something else.</summary>
    public Dictionary<string, string> Attributes(int field) => Messages(field)
        .GroupBy(a => a.Text(1), StringComparer.Ordinal)
        .ToDictionary(a => a.Key, a => a.First().Messages(2).Select(v => v.Has(1) ? v.Text(1) : "#").FirstOrDefault("#"), StringComparer.Ordinal);

    private List<ReadOnlyMemory<byte>> All(int field)
    {
        var found = new List<ReadOnlyMemory<byte>>();
        var at = 0;
        while (at < message.Length)
        {
            var tag = ReadVarint(ref at);
            switch ((int)(tag & 7))
            {
                case Varint:
                    ReadVarint(ref at);
                    break;
                case Fixed64:
                    at += 8;
                    break;
                case Fixed32:
                    at += 4;
                    break;
                case Bytes:
                    var length = (int)ReadVarint(ref at);
                    if ((int)(tag >> 3) == field)
                    {
                        found.Add(message.Slice(at, length));
                    }

                    at += length;
                    break;
                default:
                    throw new FormatException($"Wire type {tag & 7} at {at}.");
            }
        }

        return found;
    }

    private ulong ReadVarint(ref int at)
    {
        var (value, shift) = (0UL, 0);
        while (true)
        {
            var next = message.Span[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }

            shift += 7;
        }
    }
}
