using System.Net;
using EmergencyStop.Console.Tests.Browsing;
using EmergencyStop.Silo.Tests;

namespace EmergencyStop.Console.Tests;

/// <summary>What a press comes to: one stop, of what may be stopped, with a form of our own, whether or not the ledger answers.</summary>
[Trait("Host", "Both")]
[Collection(ConsoleCollection.Name)]
public sealed class PressTests(RunningService service)
{
    private Uri Url => service.Process.Url;

    [Fact]
    public async Task Press_WithoutTheFormsToken_Is400_AndStopsNothing()
    {
        using var frank = await FormClient.SignInAsync(Url, service.KeyOf("frank"));
        var (_, press) = await frank.QuestionAsync("/stop?panic=true");
        foreach (var wrong in (string?[])[null, "CfDJ8wrong"])
        {
            using var answer = await frank.PostAsync("/stop", wrong, press);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains("Nothing was done", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using var other = await FormClient.SignInAsync(Url, service.KeyOf("erin"));
        using var borrowed = await frank.PostAsync("/stop", await other.TokenAsync("/"), press); // Another's token.
        Assert.Equal(HttpStatusCode.BadRequest, borrowed.StatusCode);
        Assert.True((await service.Officer.GetAsync("gate?user_id=frank")).Body["open"]!.GetValue<bool>());
    }

    [Fact]
    public async Task F23_DoublePress_IsOneStop()
    {
        using var frank = await FormClient.SignInAsync(Url, service.KeyOf("frank"));
        var before = await CountAsync();
        var (token, press) = await frank.QuestionAsync("/stop?scope=SYMBOL&target=TSLA");
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => frank.PostAsync("/stop", token, press)));
        var place = Assert.Single(answers.Select(a => a.Headers.Location?.OriginalString).Distinct(StringComparer.Ordinal));
        Assert.StartsWith("/stops/", place, StringComparison.Ordinal);
        Assert.Equal(before + 1, await CountAsync());

        // The same question with another answer is that stop still, and no second one.
        using var changed = await frank.PostAsync("/stop", token, [.. press.Where(f => f.Name != "reason"), ("reason", "something else")]);
        Assert.Equal(place, changed.Headers.Location?.OriginalString);
        Assert.Equal(before + 1, await CountAsync());
    }

    [Theory]
    [InlineData("SYSTEM", null)]
    [InlineData("USER", "erin")]
    [InlineData("STRATEGY", "erin-maker")]
    public async Task Trader_IsAskedNothingAboutWhatIsNotTheirs_AndStopsNoneOfIt(string scope, string? id)
    {
        await service.Engine.PlaceAsync("erin", "erin-maker");
        using var frank = await FormClient.SignInAsync(Url, service.KeyOf("frank"));
        Assert.DoesNotContain("Stop everything", await frank.TextAsync("/"), StringComparison.Ordinal);
        using var asked = await frank.GetAsync($"/stop?scope={scope}&target={id}");
        Assert.Equal(HttpStatusCode.Forbidden, asked.StatusCode);
        Assert.DoesNotContain("are cancelled", await asked.Content.ReadAsStringAsync(), StringComparison.Ordinal); // No preview of another's book.

        var (token, press) = await frank.QuestionAsync("/stop?panic=true");
        var target = id is null ? scope : $"{scope}:{id}";
        using var answer = await frank.PostAsync("/stop", token, [.. press.Where(f => f.Name != "target"), ("target", target)]);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("A trader stops the own book", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain((await service.Officer.GetAsync("emergency-stop/status")).Body["latched_targets"]!.AsArray(), t => t!.GetValue<string>() == target);
    }

    [Fact]
    public async Task Panic_WhileTheLedgerStalls_StopsAndSaysWhatIsNotProven_UntilItIsRecorded()
    {
        await service.GiveBookAsync("frank");
        using var frank = await FormClient.SignInAsync(Url, service.KeyOf("frank"));
        var (token, press) = await frank.QuestionAsync("/stop?panic=true");
        string place;
        using (new LedgerLock(service.Data))
        {
            using var answer = await frank.PostAsync("/stop", token, press);
            place = answer.Headers.Location!.OriginalString;
            var page = await frank.TextAsync(place);
            Assert.Contains("NOT RECORDED", page, StringComparison.Ordinal);
            Assert.Contains("recorded: false, gate: unproven", page, StringComparison.Ordinal);
            Assert.DoesNotContain("The gate is closed: no new order", page, StringComparison.Ordinal);
            Assert.Contains("NOT RECORDED yet", await frank.TextAsync("/"), StringComparison.Ordinal);
            await Simulator.UntilAsync(async () => (await service.Venue.OpenOrdersAsync("frank")).Length == 0);
        }

        await Simulator.UntilAsync(async () => (await frank.TextAsync(place)).Contains("Completed: ", StringComparison.Ordinal));
        Assert.Contains("The gate is closed: no new order", await frank.TextAsync(place), StringComparison.Ordinal);
        var id = place.Split('/')[^1];
        Assert.Equal(HttpStatusCode.OK, (await service.Officer.PostAsync($"emergency-stop/stops/{id}/release", new { reason = "over" })).Status);
    }

    private async Task<long> CountAsync() => (await service.Officer.GetAsync("emergency-stop/status")).Body["total_emergency_stops"]!.GetValue<long>();
}
