using System.Net;
using EmergencyStop.Access;
using EmergencyStop.Api.Tests.Hosting;
using EmergencyStop.Console.Tests.Browsing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace EmergencyStop.Api.Tests.Console;

/// <summary>Nobody stays signed in for ever: not idly, not busily, and not because a page refreshes itself.</summary>
public sealed class SessionLimitTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly FakeTimeProvider _time = new(new(2026, 11, 23, 3, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Idle_ForLong_IsSignedOut_AndUseKeepsTheSession()
    {
        await using var host = await StartAsync();
        using var alice = await FormClient.SignInAsync(host.Address, host.AddKey(Role.Trader, "alice").Key);
        Assert.Equal(HttpStatusCode.OK, await AfterAsync(alice, 7 * Hour)); // Renews it.
        Assert.Equal(HttpStatusCode.OK, await AfterAsync(alice, 4 * Hour));
        using var bob = await FormClient.SignInAsync(host.Address, host.AddKey(Role.Trader, "bob").Key);
        Assert.Equal(HttpStatusCode.Found, await AfterAsync(bob, 9 * Hour));
    }

    [Fact]
    public async Task Refreshing_IsNoUse()
    {
        await using var host = await StartAsync();
        using var alice = await FormClient.SignInAsync(host.Address, host.AddKey(Role.Trader, "alice").Key);
        _time.Advance(7 * Hour);
        using var refreshed = await alice.RefreshAsync("/");
        Assert.Equal(HttpStatusCode.OK, refreshed.StatusCode);
        _time.Advance(2 * Hour);
        using var over = await alice.RefreshAsync("/");
        Assert.Equal(HttpStatusCode.Unauthorized, over.StatusCode); // The script then loads the page anew, which leads to the sign-in.
        Assert.Equal(HttpStatusCode.Found, await AfterAsync(alice, TimeSpan.Zero));
    }

    [Fact]
    public async Task AnyUse_EndsAfterAShift()
    {
        await using var host = await StartAsync();
        using var alice = await FormClient.SignInAsync(host.Address, host.AddKey(Role.Trader, "alice").Key);
        Assert.Equal(HttpStatusCode.OK, await AfterAsync(alice, 6 * Hour));
        Assert.Equal(HttpStatusCode.OK, await AfterAsync(alice, 5 * Hour));
        Assert.Equal(HttpStatusCode.Found, await AfterAsync(alice, 1 * Hour));
    }

    [Fact]
    public async Task Revoked_IsSignedOut()
    {
        await using var host = await StartAsync();
        var (key, id) = host.AddKey(Role.Trader, "alice");
        using var alice = await FormClient.SignInAsync(host.Address, key);
        await host.Ledger.RevokeKeyAsync(id, "officer", _time.GetUtcNow(), CancellationToken.None);
        Assert.Equal(HttpStatusCode.Found, await AfterAsync(alice, TimeSpan.Zero));
    }

    private Task<ApiHost> StartAsync() => ApiHost.StartAsync(services => services.AddSingleton<TimeProvider>(_time));

    private async Task<HttpStatusCode> AfterAsync(FormClient client, TimeSpan time)
    {
        _time.Advance(time);
        using var answer = await client.GetAsync("/");
        return answer.StatusCode;
    }
}
