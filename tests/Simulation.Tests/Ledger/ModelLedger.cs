using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Ledger.Gate;
using EmergencyStop.Ledger.Orders;

namespace EmergencyStop.Simulation.Tests.Ledger;

/// <summary>One process's way to the ledger that all processes of a history share: each call befalls its fate.</summary>
/// <remarks>
/// What a real ledger cuts into commits is cut here, so that a crash can come between any two. A commit that fails makes
/// the gate unread until the next answer, as it is in doubt whether it happened.
/// </remarks>
public sealed partial class ModelLedger : ILedger
{
    private const int LargestPage = 500;

    /// <summary>Strategies that a release resumes in one commit, as many as the SQLite ledger at most.</summary>
    private const int MostResumed = 100;
    private static readonly TimeSpan HealthTimeout = TimeSpan.FromSeconds(2);
    private readonly ModelStore _store;
    private readonly ILedgerFate _fate;
    private readonly TimeProvider _time;
    private readonly int _cut;
    private long _seen = -1;

    /// <summary>A process's way to the store.</summary>
    /// <param name="store">What all processes share.</param>
    /// <param name="fate">What befalls each call of this process.</param>
    /// <param name="time">This process's clock.</param>
    /// <param name="startsBlind">Whether it started while the ledger could not be read: it remembers no orders until the first answer.</param>
    /// <param name="cut">Most items of one commit.</param>
    public ModelLedger(ModelStore store, ILedgerFate fate, TimeProvider time, bool startsBlind = false, int cut = 64)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cut, 1);
        (_store, _fate, _time, _cut, RemembersOrders) = (store, fate, time, cut, !startsBlind);
    }

    /// <inheritdoc/>
    public GateView Gate { get; private set; } = GateView.Unread;

    /// <inheritdoc/>
    public bool RemembersOrders { get; private set; }

    /// <inheritdoc/>
    public long LastRemembered { get; private set; }

    /// <inheritdoc/>
    public RememberedOrder? Recall(OrderId order) => RemembersOrders ? _store.Recall(order) : null;

    /// <inheritdoc/>
    public ImmutableArray<UserId> RememberedUsers(StrategyId? strategy) => RemembersOrders ? _store.RememberedUsers(strategy) : [];

    /// <inheritdoc/>
    public async ValueTask<LedgerHealth> HealthAsync(CancellationToken cancellationToken)
    {
        try
        {
            await CommitAsync("health", urgent: false, static () => true).WaitAsync(HealthTimeout, _time, cancellationToken).ConfigureAwait(false);
            return new("model", true, null);
        }
        catch (LedgerUnavailableException trouble)
        {
            return new("model", false, trouble.Message);
        }
        catch (TimeoutException)
        {
            return new("model", false, $"A commit takes longer than {HealthTimeout.TotalSeconds} s.");
        }
    }

    private static Task<T> Wait<T>(Task<T> answer, CancellationToken cancellationToken) =>
        cancellationToken.CanBeCanceled ? answer.WaitAsync(cancellationToken) : answer;

    private static int Checked(int limit, string name) => limit is > 0 and <= LargestPage
        ? limit
        : throw new ArgumentOutOfRangeException(name, limit, $"The limit is 1 to {LargestPage}.");

    private Task<T> Read<T>(string what, Func<T> read, CancellationToken cancellationToken) => Wait(ReadAsync(what, read), cancellationToken);

    private Task<T> Commit<T>(string what, Func<T> commit, CancellationToken cancellationToken) =>
        Wait(CommitAsync(what, urgent: false, commit), cancellationToken);

    private Task<T> Urgent<T>(string what, Func<T> commit, CancellationToken cancellationToken) =>
        Wait(CommitAsync(what, urgent: true, commit), cancellationToken);

    private Task<T> ReadAsync<T>(string what, Func<T> read)
    {
        var call = new Call<T>(this, what, urgent: false, commits: false, read);
        _fate.Read(call);
        return call.Answered;
    }

    private Task<T> CommitAsync<T>(string what, bool urgent, Func<T> commit)
    {
        var call = new Call<T>(this, what, urgent, commits: true, commit);
        _fate.Commit(call);
        return call.Answered;
    }

    /// <summary>Answers may arrive out of order: the view is that of the newest.</summary>
    private T See<T>(Answered<T> answered)
    {
        RemembersOrders = true;
        LastRemembered = Math.Max(LastRemembered, answered.View.Number);
        if (answered.Version >= _seen)
        {
            (_seen, Gate) = (answered.Version, answered.View);
        }

        return answered.Answer;
    }

    private sealed class Call<T>(ModelLedger ledger, string what, bool urgent, bool commits, Func<T> work) : LedgerCall(what, urgent)
    {
        private readonly TaskCompletionSource<T> _answer = new();
        private Answered<T> _value;
        private ArgumentException? _failure;

        public Task<T> Answered => _answer.Task;

        public override bool HasFailed => _failure is not null;

        public override object Value => _value;

        public override void CarryOut()
        {
            try
            {
                _value = commits ? ledger._store.Commit(work) : ledger._store.Read(work);
            }
            catch (ArgumentException e)
            {
                _failure = e;
            }
        }

        public override void Answer()
        {
            if (_failure is { } failure)
            {
                _answer.TrySetException(failure);
            }
            else
            {
                _answer.TrySetResult(ledger.See(_value));
            }
        }

        public override void Refuse(LedgerUnavailableException why)
        {
            if (commits)
            {
                ledger.Gate = GateView.Unread;
            }

            _answer.TrySetException(why);
        }
    }
}
