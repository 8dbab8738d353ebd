using System.Reflection;
using System.Runtime.ExceptionServices;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Stopping;

namespace EmergencyStop.Grains.Tests;

/// <summary>How a ledger fails.</summary>
public enum LedgerTrouble
{
    None,

    /// <summary>Nothing can be read or written.</summary>
    Down,

    /// <summary>Reads work, writes do not, as with a full disk.</summary>
    ReadOnly,

    /// <summary>As with a disk that stalls: engages are not begun until the trouble is over, admissions are committed and not answered until then.</summary>
    Stalled,

    /// <summary>Engages are committed, and their answer is lost.</summary>
    LosesAnswers,

    /// <summary>Admissions are committed, and their answer is lost; evidence that belongs to no sweep is refused.</summary>
    LosesAdmissions,

    /// <summary>Admissions are refused, and committed all the same once the trouble is over.</summary>
    AdmitsLate,
}

/// <summary>What a database's driver says of its trouble: no other process need know the type.</summary>
public sealed class DriverException(string message) : Exception(message);

/// <summary>A ledger in trouble: every call goes through it to the real one, or fails as the test says.</summary>
/// <remarks>What is read from memory (<c>Gate</c>, <c>Recall</c>, <c>RememberedUsers</c>) always answers.</remarks>
public class LedgerFault : DispatchProxy
{
    private static readonly string[] Memory = ["get_Gate", "get_RemembersOrders", "get_LastRemembered", nameof(ILedger.Recall), nameof(ILedger.RememberedUsers)];
    private static readonly string[] Reads = ["Find", "Outcomes", "Unfinished", "StopsOn", "History", "Counts", "Keys", "Active", "Owed", "EndedMeanwhile", "UsersWith", "UnmetOrders", "Holding", "Orders", "Closings", "Positions", "Strategies", "Audit", "Inferred", "Event", "Consumers", "CountSetAside", "Unprotected", "Mirror", "RiskRule", "RiskWatches", "Heartbeats"];

    private ILedger _inner = null!; // Set by Around.
    private TaskCompletionSource _over = new();
    private int _waiting;
    private int _told;

    public LedgerTrouble Trouble { get; private set; }

    /// <summary>Told of each call that may wait, before it is made.</summary>
    public Action<string, object?[]>? Calling { get; set; }

    /// <summary>Calls that wait for the trouble to be over.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>How often evidence that belongs to no sweep was brought to it.</summary>
    public int Told => Volatile.Read(ref _told);

    public static (ILedger Ledger, LedgerFault Fault) Around(ILedger inner)
    {
        var ledger = Create<ILedger, LedgerFault>();
        var fault = (LedgerFault)(object)ledger;
        fault._inner = inner;
        return (ledger, fault);
    }

    public void Set(LedgerTrouble trouble)
    {
        var over = _over;
        _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Trouble = trouble;
        over.TrySetResult();
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(targetMethod);
        var name = targetMethod.Name;
        if (Memory.Contains(name))
        {
            return Call(targetMethod, args);
        }

        Calling?.Invoke(name, args ?? []);
        if (name == nameof(ILedger.HealthAsync) && Trouble is not (LedgerTrouble.None or LedgerTrouble.LosesAnswers))
        {
            return new ValueTask<LedgerHealth>(new LedgerHealth("test", false, "It is in trouble."));
        }

        if (name == nameof(ILedger.RecordAsync))
        {
            Interlocked.Increment(ref _told);
        }

        var reads = Reads.Any(r => name.StartsWith(r, StringComparison.Ordinal));
        if (Trouble == LedgerTrouble.Down || (Trouble == LedgerTrouble.ReadOnly && !reads))
        {
            throw new LedgerUnavailableException("The test says so.", new DriverException("The test's driver says so."));
        }

        return (Trouble, name) switch
        {
            (LedgerTrouble.Stalled, nameof(ILedger.EngageAsync)) => new ValueTask<EngageAnswer>(AfterAsync(() => ((ValueTask<EngageAnswer>)Call(targetMethod, args)!).AsTask())),
            (LedgerTrouble.Stalled, nameof(ILedger.ReplayAsync)) => AfterAsync(() => (Task<EngageAnswer>)Call(targetMethod, args)!),
            (LedgerTrouble.Stalled, nameof(ILedger.AdmitAsync)) => new ValueTask<AdmitAnswer>(
                AnswerLateAsync(((ValueTask<AdmitAnswer>)Call(targetMethod, args)!).AsTask())),
            (LedgerTrouble.LosesAnswers, nameof(ILedger.EngageAsync)) => new ValueTask<EngageAnswer>(LoseAsync(((ValueTask<EngageAnswer>)Call(targetMethod, args)!).AsTask())),
            (LedgerTrouble.LosesAdmissions, nameof(ILedger.AdmitAsync)) => new ValueTask<AdmitAnswer>(LoseAsync(((ValueTask<AdmitAnswer>)Call(targetMethod, args)!).AsTask())),
            (LedgerTrouble.LosesAdmissions, nameof(ILedger.RecordAsync)) => throw new LedgerUnavailableException("The test says so."),
            (LedgerTrouble.AdmitsLate, nameof(ILedger.AdmitAsync)) => new ValueTask<AdmitAnswer>(AdmitLateAsync(targetMethod, args)),
            _ => Call(targetMethod, args),
        };
    }

    private async Task<T> AfterAsync<T>(Func<Task<T>> call)
    {
        await OverAsync();
        return await call();
    }

    private async Task<T> AnswerLateAsync<T>(Task<T> call)
    {
        var answer = await call;
        await OverAsync();
        return answer;
    }

    private async Task OverAsync()
    {
        var over = _over.Task;
        Interlocked.Increment(ref _waiting);
        await over;
        Interlocked.Decrement(ref _waiting);
    }

    private Task<AdmitAnswer> AdmitLateAsync(MethodInfo method, object?[]? args)
    {
        _ = AfterAsync(async () => await (ValueTask<AdmitAnswer>)Call(method, args)!); // An admission is answered by a value task.
        return Task.FromException<AdmitAnswer>(new LedgerUnavailableException("The test says so."));
    }

    private static async Task<T> LoseAsync<T>(Task<T> commit)
    {
        await commit;
        throw new LedgerUnavailableException("Whether the commit reached the disk is not known.");
    }

    private object? Call(MethodInfo method, object?[]? args)
    {
        try
        {
            return method.Invoke(_inner, args);
        }
        catch (TargetInvocationException e) when (e.InnerException is { } inner)
        {
            ExceptionDispatchInfo.Throw(inner);
            throw;
        }
    }
}
