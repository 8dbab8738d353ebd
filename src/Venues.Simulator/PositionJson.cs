using EmergencyStop.Venues.Alpaca.Wire;

namespace EmergencyStop.Venues.Simulator;

/// <summary>Positions of the market as Alpaca shows them.</summary>
internal static class PositionJson
{
    private const int Decimals = 9;

    public static AlpacaPosition Of(VenuePosition position, bool withAccount = false)
    {
        var price = position.CurrentPrice ?? position.AveragePrice;
        var (worth, cost) = (position.Quantity * price, position.Quantity * position.AveragePrice);
        var (won, wonByCost) = (Rounded(worth - cost), cost == 0 ? 0 : Rounded((worth - cost) / Math.Abs(cost)));
        return new()
        {
            AssetId = OrderJson.IdOf("asset", position.Symbol.Value).ToString(),
            Symbol = position.Symbol.InPositions(),
            Exchange = position.Symbol.Pair is null ? "NASDAQ" : "OTC",
            AssetClass = position.Symbol.AssetClass(),
            AssetMarginable = false,
            Qty = position.Quantity,
            QtyAvailable = position.Quantity,
            AvgEntryPrice = Rounded(position.AveragePrice),
            Side = position.Quantity > 0 ? "long" : "short",
            MarketValue = Rounded(worth),
            CostBasis = Rounded(cost),
            UnrealizedPl = won,
            UnrealizedPlpc = wonByCost,
            UnrealizedIntradayPl = won,
            UnrealizedIntradayPlpc = wonByCost,
            CurrentPrice = price,
            LastdayPrice = price,
            ChangeToday = 0,
            Account = withAccount ? position.Account.Value : null,
        };
    }

    private static decimal Rounded(decimal amount) => Math.Round(amount, Decimals);
}
