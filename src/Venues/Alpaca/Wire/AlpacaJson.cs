using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EmergencyStop.Venues.Alpaca.Wire;

/// <summary>How Alpaca writes JSON: snake case, and numbers as strings.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(AlpacaOrder))]
[JsonSerializable(typeof(AlpacaOrderRequest))]
[JsonSerializable(typeof(AlpacaOrderPatch))]
[JsonSerializable(typeof(ImmutableArray<AlpacaOrder>))]
[JsonSerializable(typeof(IEnumerable<AlpacaOrder>))]
[JsonSerializable(typeof(AlpacaPosition))]
[JsonSerializable(typeof(ImmutableArray<AlpacaPosition>))]
[JsonSerializable(typeof(ImmutableArray<AlpacaCancelled>))]
[JsonSerializable(typeof(ImmutableArray<AlpacaPositionClosed>))]
[JsonSerializable(typeof(AlpacaError))]
[JsonSerializable(typeof(AlpacaClock))]
[JsonSerializable(typeof(AlpacaAccount))]
[JsonSerializable(typeof(AlpacaStockTrade))]
[JsonSerializable(typeof(AlpacaCryptoTrades))]
public sealed partial class AlpacaJson : JsonSerializerContext;
