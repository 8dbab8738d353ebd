using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EmergencyStop.Ledger.Audit;

/// <summary>Builds the details of audit entries: one flat JSON object.</summary>
internal static class AuditDetails
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The object with these members, in this order; a <c>null</c> one is left out.</summary>
    public static string Of(params ReadOnlySpan<(string Name, object? Value)> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in members)
            {
                Write(writer, name, value);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, string name, object? value)
    {
        switch (value)
        {
            case null:
                break;
            case long number:
                writer.WriteNumber(name, number);
                break;
            case int number:
                writer.WriteNumber(name, number);
                break;
            case bool flag:
                writer.WriteBoolean(name, flag);
                break;
            case IEnumerable<string> items:
                writer.WriteStartArray(name);
                foreach (var item in items)
                {
                    writer.WriteStringValue(item);
                }

                writer.WriteEndArray();
                break;
            case IEnumerable<KeyValuePair<string, int>> counts:
                writer.WriteStartObject(name);
                foreach (var (key, count) in counts)
                {
                    writer.WriteNumber(key, count);
                }

                writer.WriteEndObject();
                break;
            default:
                writer.WriteString(name, value.ToString());
                break;
        }
    }
}
