using Microsoft.Extensions.Time.Testing;
using static EmergencyStop.Client.Tests.Wire.ScriptedService;

namespace EmergencyStop.Client.Tests.Wire;

/// <summary>What a real service cannot be made to do at will: fail between the effect and the answer.</summary>
public sealed class RetryTests
{
    [Fact]
    public async Task Stop_WhoseAnswerIsLost_IsSentAgainWithTheSameKeyAndBytes()
    {
        var service = new ScriptedService(Broken, Answer(502, "<html>"), Problem(503, "ledger_unavailable"), Answer(200, Completed));
        await using var client = TestClient.Of(service);
        var result = await client.UserEmergencyStopAsync("alice", "drill", new() { Wait = TimeSpan.FromSeconds(1) });
        Assert.Equal((StopState.Completed, true, "st-1"), (result.State, result.Success, result.StopId));
        Assert.Equal(4, service.Requests.Length);
        var sent = Assert.Single(service.Requests.Distinct());
        Assert.Equal("POST /api/trading-engine/emergency-stop/execute?wait_ms=1000", sent.Line);
        Assert.Equal("""{"reason":"drill","scope":"USER","user_id":"alice"}""", sent.Body);
        Assert.Equal($"Bearer {TestClient.Key}", sent.Authorization);
        Assert.Equal(32, sent.Key?.Length);
    }

    [Fact]
    public async Task TwoStops_HaveTwoKeys_AndAGivenKeyIsUsed()
    {
        var service = new ScriptedService(Answer(200, Completed));
        await using var client = TestClient.Of(service);
        await client.PanicAsync();
        await client.PanicAsync();
        await client.PanicAsync(options: new() { IdempotencyKey = "mine" });
        Assert.Equal(3, service.Requests.Select(r => r.Key).Distinct().Count());
        Assert.Equal("mine", service.Requests[^1].Key);
    }

    [Theory]
    [InlineData(400, "validation_failed")]
    [InlineData(403, "forbidden")]
    [InlineData(409, "obligations_open")]
    [InlineData(422, "idempotency_key_reused")]
    [InlineData(423, "gate_closed")]
    public async Task Refusal_IsNotSentAgain(int status, string code)
    {
        var service = new ScriptedService(Problem(status, code, ""","field":"f","stop_id":"st-9","errors":{"f":["D"]}"""));
        await using var client = TestClient.Of(service);
        var refused = await Assert.ThrowsAsync<EmergencyStopException>(() => client.ReleaseAsync("st-9", "done"));
        Assert.Equal(new EmergencyStopProblem(code, status, "T", "D") { Field = "f", StopId = "st-9" }, refused.Problem);
        Assert.Equal(service.Requests.Single().Key, refused.IdempotencyKey);
    }

    [Fact]
    public async Task RequestInProgress_IsAskedForAgain()
    {
        var service = new ScriptedService(Problem(409, "request_in_progress"), Answer(200, Completed));
        await using var client = TestClient.Of(service);
        await client.PanicAsync();
        Assert.Equal(2, service.Requests.Length);
    }

    [Fact]
    public async Task Unreachable_AfterItsRetries_SaysSo_AndGivesTheKeyBack()
    {
        var service = new ScriptedService(Broken);
        await using var client = TestClient.Of(service, retries: 2);
        var lost = await Assert.ThrowsAsync<EmergencyStopException>(() => client.PanicAsync(options: new() { IdempotencyKey = "again" }));
        Assert.Equal((EmergencyStopProblem.Unreachable, 0, "again"), (lost.Problem.Code, lost.Problem.Status, lost.IdempotencyKey));
        Assert.Equal(3, service.Requests.Length);
    }

    [Fact]
    public async Task WithoutRetries_OneTryIsMade()
    {
        var service = new ScriptedService(Broken);
        await using var client = TestClient.Of(service, retries: 0);
        await Assert.ThrowsAsync<EmergencyStopException>(() => client.StatusAsync());
        Assert.Single(service.Requests);
    }

    [Theory]
    [InlineData(200, "not json")]
    [InlineData(200, "{}")]
    [InlineData(200, "null")]
    [InlineData(404, "<html>")]
    [InlineData(302, "")]
    public async Task AnswerOfSomebodyElse_IsUnexpected(int status, string body)
    {
        var service = new ScriptedService(Answer(status, body));
        await using var client = TestClient.Of(service);
        var odd = await Assert.ThrowsAsync<EmergencyStopException>(() => client.StatusAsync());
        Assert.Equal((EmergencyStopProblem.UnexpectedAnswer, status), (odd.Problem.Code, odd.Problem.Status));
        Assert.Single(service.Requests);
    }

    [Fact]
    public async Task SilentTry_IsFollowedByTheNext_OnceItsTimeIsUp()
    {
        var time = new FakeTimeProvider();
        var service = new ScriptedService(Silent, Answer(200, Completed));
        await using var client = TestClient.Of(service, time);
        var stopping = client.PanicAsync(options: new() { Wait = TimeSpan.FromSeconds(20) });
        time.Advance(TimeSpan.FromSeconds(29)); // 10 s for the try and the 20 s that the service was asked to wait.
        Assert.Single(service.Requests);
        Assert.False(stopping.IsCompleted);
        await AdvanceUntilAsync(time, TimeSpan.FromSeconds(1), stopping);
        Assert.Equal(2, service.Requests.Length);
    }

    [Fact]
    public async Task RetryAfter_IsObeyed_UpToTheLongestDelay()
    {
        var time = new FakeTimeProvider();
        var service = new ScriptedService(
            Answer(503, "{}", retryAfter: "3"), Answer(503, "{}", retryAfter: "3600"), Answer(200, Completed));
        await using var client = TestClient.Of(service, time);
        var began = time.GetUtcNow();
        var stopping = client.PanicAsync();
        await AdvanceUntilAsync(time, TimeSpan.FromMilliseconds(100), stopping);
        Assert.InRange((time.GetUtcNow() - began).TotalSeconds, 8, 10); // 3 s and 5 s.
    }

    [Fact]
    public async Task Key_IsInNoErrorText()
    {
        var wrong = Assert.Throws<ArgumentException>(() => new EmergencyStopClient(new() { ApiKey = "esk_secret\n" }));
        Assert.DoesNotContain("secret", wrong.ToString(), StringComparison.Ordinal);
        await using var client = TestClient.Of(new ScriptedService(Problem(401, "unauthenticated")));
        var refused = await Assert.ThrowsAsync<EmergencyStopException>(() => client.StatusAsync());
        Assert.DoesNotContain(TestClient.Key, refused.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Moves the clock step by step, with a moment of real time for continuations, until the task is done.</summary>
    private static async Task AdvanceUntilAsync(FakeTimeProvider time, TimeSpan step, Task task)
    {
        for (var i = 0; i < 1000 && !task.IsCompleted; i++)
        {
            time.Advance(step);
            await Task.WhenAny(task, Task.Delay(5));
        }

        await task;
    }
}
