using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;
using EmergencyStop.Venues.Strategies;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Venues.Tests.Strategies;

public sealed class StrategyCallbacksTests
{
    private static readonly StrategyNotice Notice = new(
        "n-1", NoticeKind.Paused, StrategyId.Parse("s1"), StopId.Parse("s-1"), StopTarget.Parse("USER:alice"), EmergencyStopReason.RiskViolation, DateTimeOffset.UnixEpoch);

    [Fact]
    public async Task Tell_SignsIdTimeAndBody_AsStandardWebhooksDoes()
    {
        await using var receiver = await CallbackReceiver.StartAsync(_ => 204);
        using var callbacks = Callbacks(["127.0.0.1/32"]);

        var answer = await callbacks.TellAsync(At(receiver.Url), Notice, CancellationToken.None);

        Assert.Equal(new(true, 1, null), answer);
        var heard = Assert.Single(receiver.All);
        var body = JsonDocument.Parse(heard.Body).RootElement;
        Assert.Equal("strategy.paused", body.GetProperty("event").GetString());
        Assert.Equal("USER:alice", body.GetProperty("target").GetString());
        Assert.Equal("RISK_VIOLATION", body.GetProperty("reason_code").GetString());
        Assert.Equal("n-1", heard.Headers["webhook-id"]);
        var key = Convert.FromBase64String(callbacks.SecretOf(Notice.Strategy, 0)["whsec_".Length..]);
        var signed = $"{heard.Headers["webhook-id"]}.{heard.Headers["webhook-timestamp"]}.{heard.Body}";
        Assert.Equal($"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(signed)))}", heard.Headers["webhook-signature"]);
        Assert.InRange(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - long.Parse(heard.Headers["webhook-timestamp"], null), 0, 60);
    }

    [Fact]
    public void Secret_DiffersByStrategyGenerationAndService()
    {
        using var callbacks = Callbacks([]);
        using var another = Callbacks([]);
        var one = callbacks.SecretOf(StrategyId.Parse("s1"), 0);
        Assert.Equal(one, callbacks.SecretOf(StrategyId.Parse("s1"), 0));
        Assert.NotEqual(one, callbacks.SecretOf(StrategyId.Parse("s1"), 1));
        Assert.NotEqual(one, callbacks.SecretOf(StrategyId.Parse("s2"), 0));
        Assert.NotEqual(one, another.SecretOf(StrategyId.Parse("s1"), 0));
    }

    [Fact]
    public void Secret_OfTheFile_LastsAndIsReadableByItsOwnerOnly()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("callbacks-").FullName, "callbacks.key");
        using var first = Callbacks([], o => o.SecretFile = path);
        using var second = Callbacks([], o => o.SecretFile = path);
        Assert.Equal(first.SecretOf(StrategyId.Parse("s1"), 0), second.SecretOf(StrategyId.Parse("s1"), 0));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public async Task Tell_WhenItAnswersLater_RepeatsTheSameNotice()
    {
        await using var receiver = await CallbackReceiver.StartAsync(n => n < 3 ? 503 : 200);
        using var callbacks = Callbacks(["127.0.0.1/32"]);

        var answer = await callbacks.TellAsync(At(receiver.Url), Notice, CancellationToken.None);

        Assert.Equal(new(true, 3, null), answer);
        Assert.Single(receiver.All.Select(h => h.Headers["webhook-id"]).Distinct());
    }

    [Theory]
    [InlineData(404, "it answered 404")]
    [InlineData(302, "it answered 302; redirects are not followed")]
    public async Task Tell_WhenItRefusesOrRedirects_IsNotRepeatedAndFollowsNothing(int status, string why)
    {
        await using var receiver = await CallbackReceiver.StartAsync(_ => status);
        using var callbacks = Callbacks(["127.0.0.1/32"]);
        Assert.Equal(new(false, 1, why), await callbacks.TellAsync(At(receiver.Url), Notice, CancellationToken.None));
        Assert.Equal("/told", Assert.Single(receiver.All).Path);
    }

    [Fact]
    public async Task Tell_WhenItHangs_EndsWithinItsTime()
    {
        await using var receiver = await CallbackReceiver.StartAsync(_ => 0);
        using var callbacks = Callbacks(["127.0.0.1/32"], o => (o.AttemptTimeout, o.GiveUpAfter) = (TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1)));
        var answer = await callbacks.TellAsync(At(receiver.Url), Notice, CancellationToken.None);
        Assert.False(answer.Told);
        Assert.Contains("did not answer", answer.Why, StringComparison.Ordinal);
        Assert.InRange(answer.Attempts, 1, 12);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("2130706433")]
    [InlineData("0x7f000001")]
    [InlineData("0177.0.0.1")]
    [InlineData("127.1")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[::ffff:7f00:1]")]
    public async Task LoopbackInAnySpelling_IsRefusedAtRegistrationAndAtTheConnection(string host)
    {
        await using var receiver = await CallbackReceiver.StartAsync(_ => 200);
        using var callbacks = Callbacks([]);
        var url = new Uri($"http://{host}:{receiver.Url.Port}/");

        Assert.NotNull(await callbacks.WhyNotAsync(url, CancellationToken.None));
        var answer = await callbacks.TellAsync(At(url), Notice, CancellationToken.None);

        Assert.False(answer.Told);
        Assert.Contains("may not be called", answer.Why, StringComparison.Ordinal);
        Assert.Empty(receiver.All);
    }

    /// <summary>What a name resolved to when it was registered says nothing about the call: no registration came before this one.</summary>
    [Fact]
    public async Task Tell_WhenTheNameNowResolvesIntoTheOwnNetwork_ConnectsToNobody()
    {
        await using var receiver = await CallbackReceiver.StartAsync(_ => 200);
        using var callbacks = Callbacks(["10.0.0.0/8"]);
        var answer = await callbacks.TellAsync(At(new Uri($"http://localhost:{receiver.Url.Port}/")), Notice, CancellationToken.None);
        Assert.False(answer.Told);
        Assert.Empty(receiver.All);
    }

    private static Strategy At(Uri url) =>
        new(Notice.Strategy, UserId.Parse("alice"), null, new Uri(url, "told").ToString(), DateTimeOffset.UnixEpoch, []);

    private static StrategyCallbacks Callbacks(string[] allowed, Action<CallbackOptions>? configure = null)
    {
        var options = new CallbackOptions { FirstRetry = TimeSpan.FromMilliseconds(1) };
        foreach (var network in allowed)
        {
            options.AllowedNetworks.Add(network);
        }

        configure?.Invoke(options);
        return new(Options.Create(options), TimeProvider.System, NullLogger<StrategyCallbacks>.Instance);
    }
}
