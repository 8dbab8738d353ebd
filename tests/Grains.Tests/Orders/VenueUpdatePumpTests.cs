using System.Collections.Concurrent;
using System.Collections.Immutable;
using EmergencyStop.Grains.Orders;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Venues;
using EmergencyStop.Venues.Accounts;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;

namespace EmergencyStop.Grains.Tests.Orders;

/// <summary>A call between processes may be lost, or its grain slow: what the venue says of others goes on.</summary>
public sealed class VenueUpdatePumpTests : IDisposable
{
    private readonly ConcurrentQueue<(string User, string[] Orders)> _heard = new();
    private readonly ConcurrentDictionary<string, Func<Task>> _answers = new(StringComparer.Ordinal);
    private readonly VenueUpdatePump _pump;

    public VenueUpdatePumpTests()
    {
        var venue = Scripted.Of<IVenue>((_, _) => new VenueDescription(
            "test", [], MassCancelScope.None, TimeSpan.Zero, PushesUpdates: false, OrdersDieWithSession: false, AcceptsReduceOnly: false));
        var accounts = new ConfiguredAccounts(Options.Create(new AccountsOptions()));
        _pump = new(venue, accounts, Scripted.Of<IGrainFactory>((_, with) => UserOf((string)with[0]!)), NullLogger<VenueUpdatePump>.Instance); // by its key
    }

    [Fact]
    public async Task AUserWhoseGrainDoesNotAnswer_KeepsNobodyElseWaiting()
    {
        var lost = new TaskCompletionSource();
        _answers["alice"] = () => lost.Task;
        await _pump.StartAsync(CancellationToken.None);

        Tell("alice", "a1");
        Tell("bob", "b1");
        await World.UntilAsync(() => Of("alice") == "a1" && Of("bob") == "b1");
        Tell("alice", "a2");
        Tell("bob", "b2");
        await World.UntilAsync(() => Of("bob") == "b1 b2");

        Assert.Equal("a1", Of("alice")); // In order: the second waits for the first.
        lost.SetResult();
        await World.UntilAsync(() => Of("alice") == "a1 a2");
        await _pump.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task WhatCouldNotBeDelivered_IsDeliveredAgain_BeforeWhatCameAfterIt()
    {
        var failures = 2;
        _answers["alice"] = () => failures-- > 0 ? Task.FromException(new SiloUnavailableException("It is gone.")) : Task.CompletedTask;
        Tell("alice", "a1");
        Tell("alice", "a2");
        await _pump.StartAsync(CancellationToken.None);

        await World.UntilAsync(() => Of("alice") == "a1 a2 a1 a2 a1 a2");
        Tell("alice", "a3");
        await World.UntilAsync(() => Of("alice") == "a1 a2 a1 a2 a1 a2 a3");
        await _pump.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task WhatCannotBeDelivered_IsGivenUp_AndTheNextIsNot()
    {
        var failures = 3;
        _answers["alice"] = () => failures-- > 0 ? Task.FromException(new SiloUnavailableException("It is gone.")) : Task.CompletedTask;
        await _pump.StartAsync(CancellationToken.None);

        Tell("alice", "a1");
        await World.UntilAsync(() => Of("alice") == "a1 a1 a1");
        Tell("alice", "a2");
        await World.UntilAsync(() => Of("alice") == "a1 a1 a1 a2");
        await _pump.StopAsync(CancellationToken.None);
    }

    public void Dispose() => _pump.Dispose();

    private IUserGrain UserOf(string user) => Scripted.Of<IUserGrain>((_, with) =>
    {
        _heard.Enqueue((user, [.. ((ImmutableArray<VenueOrderReport>)with[0]!).Select(r => r.ClientOrderId)])); // ObserveAsync is all that is called.
        return _answers.TryGetValue(user, out var answer) ? answer() : Task.CompletedTask;
    });

    private string Of(string user) => string.Join(' ', _heard.Where(h => h.User == user).SelectMany(h => h.Orders));

    private void Tell(string user, string order) => _pump.OnOrder(new(
        AccountId.Parse(user), $"at-venue-{order}", order, Symbol.Parse("AAPL"), OrderSide.Buy, OrderType.Limit, 1, 0, null, OrderState.Open));
}
