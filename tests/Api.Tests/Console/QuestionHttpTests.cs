using System.Net;
using EmergencyStop.Access;
using EmergencyStop.Api.Tests.Hosting;
using EmergencyStop.Console.Tests.Browsing;
using EmergencyStop.Ledger;
using EmergencyStop.Stopping;

namespace EmergencyStop.Api.Tests.Console;

/// <summary>The question before a stop is asked whatever becomes of its preview.</summary>
public sealed class QuestionHttpTests
{
    public static TheoryData<string, Func<StopPreview, Task<StopPreview>>> Troubles => new()
    {
        { "it never comes", _ => new TaskCompletionSource<StopPreview>().Task },
        { "the ledger is down", _ => Task.FromException<StopPreview>(new LedgerUnavailableException("down")) },
        { "it fails", _ => Task.FromException<StopPreview>(new InvalidOperationException("a fault")) },
    };

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task Question_WithoutItsPreview_IsAskedAllTheSame_AndThePressStops(string trouble, Func<StopPreview, Task<StopPreview>> preview)
    {
        await using var host = await ApiHost.StartAsync();
        host.System.OnPreview = preview;
        using var alice = await FormClient.SignInAsync(host.Address, host.AddKey(Role.Trader, "alice").Key);
        var page = await alice.TextAsync("/stop?panic=true");
        Assert.True(page.Contains("The stop works all the same.", StringComparison.Ordinal), trouble);
        var (token, press) = await alice.QuestionAsync("/stop?panic=true");
        using var answer = await alice.PostAsync("/stop", token, press);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        var stopped = Assert.Single(host.System.Stopped);
        Assert.Equal((StopTarget.Parse("USER:alice"), StopOptions.Panic), (stopped.Target, stopped.Options));
    }

    [Fact]
    public async Task WhatWasChosen_IsWhatIsAskedAndDone()
    {
        await using var host = await ApiHost.StartAsync();
        using var officer = await FormClient.SignInAsync(host.Address, host.AddKey(Role.RiskOfficer).Key);
        var (token, press) = await officer.QuestionAsync("/stop?scope=SYMBOL&target=btc-usd&chosen=true&do=cancel&do=close");
        using var answer = await officer.PostAsync("/stop", token, [.. press, ("code", "REGULATORY_HALT")]);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        var stopped = Assert.Single(host.System.Stopped);
        Assert.Equal(
            (StopTarget.Parse("SYMBOL:BTC-USD"), new StopOptions(PauseStrategies: false, ClosePositions: true), EmergencyStopReason.RegulatoryHalt, "drill"),
            (stopped.Target, stopped.Options, stopped.ReasonCode, stopped.Reason));
    }
}
