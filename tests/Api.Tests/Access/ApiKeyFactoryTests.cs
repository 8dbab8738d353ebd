using System.Security.Cryptography;
using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Api.Tests.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace EmergencyStop.Api.Tests.Access;

public sealed class ApiKeyFactoryTests
{
    [Fact]
    public void Key_HasItsShapeAndHash()
    {
        using var random = RandomNumberGenerator.Create();
        var (key, hash) = ApiKeyFactory.Make(random);

        Assert.True(ApiKeyFactory.HasShape(key));
        Assert.Equal(47, key.Length);
        Assert.Equal(hash, ApiKeyFactory.Hash(key));
        Assert.Equal(64, hash.Length);
        Assert.NotEqual(key, ApiKeyFactory.Make(random).Key);
    }

    [Theory]
    [InlineData("")]
    [InlineData("esk_short")]
    [InlineData("xsk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("esk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+")]
    public void OtherText_HasNotTheShape(string text) => Assert.False(ApiKeyFactory.HasShape(text));

    [Fact]
    public async Task Cache_AsksAgainAfterASecondAndNeverTrustsARevokedKeyLonger()
    {
        var (ledger, time) = (new MemoryLedger(), new FakeTimeProvider());
        var cache = new KeyCache(ledger, new(), time, Options.Create(new ApiOptions()));
        using var random = RandomNumberGenerator.Create();
        var (key, hash) = ApiKeyFactory.Make(random);
        await ledger.AddKeyAsync(new("k", "n", Role.Admin, null, Rows.At, null), hash, CancellationToken.None);

        Assert.NotNull(await cache.FindAsync(key, CancellationToken.None));
        await ledger.RevokeKeyAsync("k", "test", Rows.At, CancellationToken.None);
        time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.NotNull(await cache.FindAsync(key, CancellationToken.None));
        Assert.Equal(1, ledger.KeyLookups);
        time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Null(await cache.FindAsync(key, CancellationToken.None));
    }

    [Fact]
    public async Task NewKey_IsGoodAtOnce_EvenIfItWasTriedBefore()
    {
        var ledger = new MemoryLedger();
        var cache = new KeyCache(ledger, new(), new FakeTimeProvider(), Options.Create(new ApiOptions()));
        using var random = RandomNumberGenerator.Create();
        var (key, hash) = ApiKeyFactory.Make(random);

        Assert.Null(await cache.FindAsync(key, CancellationToken.None));
        await ledger.AddKeyAsync(new("k", "n", Role.Admin, null, Rows.At, null), hash, CancellationToken.None);

        Assert.NotNull(await cache.FindAsync(key, CancellationToken.None));
    }
}
