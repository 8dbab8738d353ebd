using System.Collections.Concurrent;
using System.Collections.Immutable;
using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;
using EmergencyStop.Venues;
using Orleans;

namespace EmergencyStop.Api.Tests.Hosting;

/// <summary>Grains that write down what they are asked and answer as the test says.</summary>
internal sealed partial class ScriptedGrains(MemoryLedger ledger) : IGrainFactory
{
    private int _count;

    public ConcurrentQueue<OrderTerms> Placed { get; } = new();

    public ConcurrentQueue<(StrategyId Strategy, Caller By, string Reason)> Resumed { get; } = new();

    /// <summary>Set: what every order is answered with.</summary>
    public Func<OrderTerms, PlaceAnswer>? OnPlace { get; set; }

    public Func<Order, CancelAnswer> OnCancel { get; set; } = o => new(o with { State = OrderState.Cancelled }, Confirmed: true);

    public Func<Strategy, ResumeAnswer> OnResume { get; set; } = s => new ResumeAnswer.Resumed(s with { Pauses = [] });

    /// <summary>Orders wait here until the test lets them on.</summary>
    public TaskCompletionSource? Hold { get; set; }

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey => typeof(TGrainInterface) == typeof(IUserGrain)
            ? (TGrainInterface)(object)new User(this, primaryKey)
            : (TGrainInterface)(object)new Strategist(this, primaryKey);

    private sealed class User(ScriptedGrains grains, string key) : IUserGrain
    {
        public async Task<PlaceAnswer> PlaceAsync(OrderTerms terms, CancellationToken cancellationToken)
        {
            Assert.Equal(key, terms.User.Value);
            grains.Placed.Enqueue(terms);
            await (grains.Hold?.Task ?? Task.CompletedTask);
            return grains.OnPlace?.Invoke(terms) ?? Admit(terms);
        }

        public Task<PlaceAnswer> PlacePastGateAsync(OrderTerms terms, PastGate past, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<PlaceAnswer> ReplaceAsync(OrderId old, OrderChanges changes, ClientOrderId? clientOrderId, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<CancelAnswer> CancelAsync(OrderId order, CancellationToken cancellationToken) =>
            Task.FromResult(grains.OnCancel(grains.Ledger.Orders[order]));

        public Task<SweepReport> SweepAsync(SweepCommand command, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<VerifyReport> VerifyAsync(VerifyCommand command, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> WorksForAsync(StopId stop, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<WatchReport> WatchAsync(TimeSpan every, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<FlattenReport> FlattenAsync(FlattenCommand command, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task ObserveAsync(ImmutableArray<VenueOrderReport> reports) => throw new NotSupportedException();

        public Task LookForAsync(ImmutableArray<OrderId> orders) => throw new NotSupportedException();

        public Task WakeAsync() => throw new NotSupportedException();

        private PlaceAnswer.Admitted Admit(OrderTerms terms)
        {
            var standing = grains.Ledger.Orders.Values.FirstOrDefault(o =>
                terms.ClientOrderId is not null && o.Terms.User == terms.User && o.Terms.ClientOrderId == terms.ClientOrderId);
            if (standing is not null)
            {
                return new(standing, Repeated: true);
            }

            var order = Rows.Order($"o-{Interlocked.Increment(ref grains._count)}", terms, number: grains._count);
            grains.Ledger.Orders[order.Id] = order;
            return new(order, Repeated: false);
        }
    }

    private MemoryLedger Ledger => ledger;

    private sealed class Strategist(ScriptedGrains grains, string key) : IStrategyGrain
    {
        public Task<ResumeAnswer> ResumeAsync(Caller by, string reason, CancellationToken cancellationToken)
        {
            var id = StrategyId.Parse(key);
            grains.Resumed.Enqueue((id, by, reason));
            return Task.FromResult(grains.OnResume(grains.Ledger.Strategies[id]));
        }

        public Task<SliceReport> SweepAsync(Stop stop, int attempt, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<string?> TellPausedAsync(StopId stop, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<string?> TellResumedAsync(StopId stop, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
