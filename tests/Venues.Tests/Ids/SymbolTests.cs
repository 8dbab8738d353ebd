using EmergencyStop.Venues.Alpaca.Wire;

namespace EmergencyStop.Venues.Tests.Ids;

/// <summary>Names that cannot be dodged: one symbol, however it is spelled.</summary>
public sealed class SymbolTests
{
    [Theory]
    [InlineData("btc/usd", "BTC-USD")]
    [InlineData("BTCUSD", "BTC-USD")]
    [InlineData("BTC_USD", "BTC-USD")]
    [InlineData("BTC-USD", "BTC-USD")]
    [InlineData("ethbtc", "ETH-BTC")]
    [InlineData("USDTUSD", "USDT-USD")]
    [InlineData("usdc/usdt", "USDC-USDT")]
    [InlineData("BTCUSDT", "BTC-USDT")]
    [InlineData("aapl", "AAPL")]
    [InlineData("brk/b", "BRK.B")]
    [InlineData("BRK-B", "BRK.B")]
    [InlineData("BRK.B", "BRK.B")]
    [InlineData("USD", "USD")]
    [InlineData("WBTC", "WBTC")]
    [InlineData("A/USD", "A.USD")]
    [InlineData("a/btc", "A.BTC")]
    [InlineData("BTC-USD-PERP", "BTC.USD.PERP")]
    [InlineData("BRK.B/USD", "BRK.B.USD")]
    public void Parse_AnySpelling_IsCanonical(string text, string canonical) => Assert.Equal(canonical, Symbol.Parse(text).Value);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("BTC//USD")]
    [InlineData("BTC/")]
    [InlineData("-USD")]
    [InlineData("BTC USD")]
    [InlineData("ΒTC/USD")]
    [InlineData("BTC%2FUSD")]
    public void Parse_OfWhatIsNone_IsRefused(string? text) => Assert.False(Symbol.TryParse(text, out _, out _));

    /// <summary>What was accepted must be accepted again when it comes back out of the ledger.</summary>
    [Theory]
    [InlineData(28)]
    [InlineData(29)]
    public void Parse_AtTheLongest_IsReadableAgainOrRefused(int lettersBefore)
    {
        var text = new string('A', lettersBefore) + "USD";
        if (Symbol.TryParse(text, out var symbol, out _))
        {
            Assert.Equal(symbol, Symbol.Parse(symbol.Value));
        }
        else
        {
            Assert.Equal(29, lettersBefore);
        }
    }

    /// <summary>A venue spells orders one way and positions the other; both must lead back to the one symbol.</summary>
    [Fact]
    public void Spellings_OfEverySymbol_LeadBackToIt()
    {
        var random = new Random(20260105);
        const string Letters = "ABCUSDTEHR";
        string[] separators = ["", "/", "-", "_", "."];
        for (var n = 0; n < 200_000; n++)
        {
            var text = Word(random, Letters, 1, 7) + separators[random.Next(separators.Length)] + Word(random, Letters, 1, 5);
            if (!Symbol.TryParse(text, out var symbol, out _))
            {
                continue;
            }

            Assert.True(symbol == Symbol.Parse(symbol.Value), text);
            Assert.True(symbol == Symbol.Parse(symbol.InOrders()), text);
            Assert.True(symbol == Symbol.Parse(symbol.InPositions()), text);
            Assert.True(symbol == Symbol.Parse(text.ToLowerInvariant()), text);
        }
    }

    private static string Word(Random random, string letters, int shortest, int longest) =>
        string.Concat(Enumerable.Range(0, random.Next(shortest, longest + 1)).Select(_ => letters[random.Next(letters.Length)]));
}
