using System.Collections.Concurrent;
using EmergencyStop.Ids;

namespace EmergencyStop.Venues.Simulated;

/// <summary>The way to the market and back, with the faults dialled in.</summary>
/// <remarks>
/// What has been handed in takes effect whether or not anybody waits for the answer, as with a real network. Without
/// faults every call completes at once, on the caller's thread.
/// </remarks>
public sealed class SimulatedLink(SimulatedMarket market, SimulatedFaults faults, TimeProvider time)
{
    /// <summary>A timer that nobody holds would be collected and never fire.</summary>
    private readonly ConcurrentDictionary<object, ITimer> _pending = new();

    /// <summary>Brings one call to the market and its answer back.</summary>
    public ValueTask<LinkAnswer<T>> CallAsync<T>(AccountId account, Func<SimulatedMarket, T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return CarryAsync(account, () => new ValueTask<T>(call(market)));
    }

    /// <summary>Brings an order to the market. With a late acknowledgement it begins to work, and is answered, later.</summary>
    public ValueTask<LinkAnswer<(SimulatedOrderView? Order, SimulatedRefusal? Refusal)>> PlaceAsync(SimulatedOrderRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return CarryAsync(request.Account, () => PlaceAtMarketAsync(request));
    }

    /// <summary>Brings a cancel to the market. With a late acknowledgement the answer shows it pending.</summary>
    public ValueTask<LinkAnswer<(SimulatedOrderView? Order, SimulatedRefusal? Refusal)>> CancelAsync(
        AccountId account, string venueOrderId) => CallAsync(account, _ => CancelAtMarket(account, venueOrderId));

    /// <summary>Cancels an order without the way to the market, late where that is dialled in.</summary>
    public (SimulatedOrderView? Order, SimulatedRefusal? Refusal) CancelAtMarket(AccountId account, string venueOrderId)
    {
        var late = faults.Current.For(account).LateAcknowledgement;
        if (faults.FillsOnCancel(account))
        {
            market.Fill(account, venueOrderId); // The cancel comes too late, as the market will say.
        }

        if (late == TimeSpan.Zero)
        {
            return market.Cancel(account, venueOrderId);
        }

        var answer = market.BeginCancel(account, venueOrderId);
        if (answer.Order is not null)
        {
            _ = AfterAsync(late, () => market.Cancel(account, venueOrderId));
        }

        return answer;
    }

    private ValueTask<(SimulatedOrderView? Order, SimulatedRefusal? Refusal)> PlaceAtMarketAsync(SimulatedOrderRequest request)
    {
        if (faults.Rejects(request.Account))
        {
            return new((null, new SimulatedRefusal(403, 40310000, "insufficient buying power (a fault dialled in)")));
        }

        var late = faults.Current.For(request.Account).LateAcknowledgement;
        if (late == TimeSpan.Zero)
        {
            return new(market.Place(request));
        }

        var (receipt, refusal) = market.Receive(request);
        return receipt is null
            ? new((null, refusal))
            : new(AfterAsync<(SimulatedOrderView?, SimulatedRefusal?)>(late, () => (market.Accept(receipt), null)));
    }

    private ValueTask<LinkAnswer<T>> CarryAsync<T>(AccountId account, Func<ValueTask<T>> atMarket)
    {
        var now = faults.Current.For(account);
        var down = now.IsDownFor(account);
        if (down || now.Silent)
        {
            return new(LinkAnswer<T>.Failed(down ? LinkFault.Down : LinkFault.Silent, RateReading.Unlimited));
        }

        var rate = faults.Count(account);
        if (!rate.Allowed)
        {
            return new(LinkAnswer<T>.Failed(LinkFault.RateLimited, rate));
        }

        var there = faults.OneWay(account);
        var task = there == TimeSpan.Zero ? atMarket() : new ValueTask<T>(LaterAsync(there, atMarket));
        if (there != TimeSpan.Zero || !task.IsCompletedSuccessfully)
        {
            return ReturnAsync(account, task, there, rate);
        }

        return new(Answer(account, task.Result, rate));
    }

    private async ValueTask<LinkAnswer<T>> ReturnAsync<T>(AccountId account, ValueTask<T> task, TimeSpan back, RateReading rate)
    {
        var value = await task;
        if (back > TimeSpan.Zero)
        {
            await Task.Delay(back, time);
        }

        return Answer(account, value, rate);
    }

    private LinkAnswer<T> Answer<T>(AccountId account, T value, RateReading rate) => faults.LosesAnswer(account)
        ? LinkAnswer<T>.Failed(LinkFault.AnswerLost, rate)
        : new(LinkFault.None, rate, value);

    private async Task<T> LaterAsync<T>(TimeSpan delay, Func<ValueTask<T>> atMarket) => await await AfterAsync(delay, atMarket);

    /// <summary>Does something after a delay, on the clock's thread: no scheduler that might be gone by then is needed.</summary>
    private Task<T> AfterAsync<T>(TimeSpan delay, Func<T> effect)
    {
        var done = new TaskCompletionSource<T>();
        var timer = time.CreateTimer(
            _ =>
            {
                if (_pending.TryRemove(done, out var mine))
                {
                    mine.Dispose();
                    done.SetResult(effect());
                }
            },
            state: null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
        _pending[done] = timer;
        timer.Change(delay, Timeout.InfiniteTimeSpan);
        return done.Task;
    }
}

/// <summary>What went wrong on the way.</summary>
public enum LinkFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The venue cannot be reached; the call had no effect.</summary>
    Down,

    /// <summary>The call was taken and nothing is ever said; it had no effect. Whoever waits has a time limit of its own.</summary>
    Silent,

    /// <summary>Too many calls within the second; the call had no effect.</summary>
    RateLimited,

    /// <summary>The call took effect and its answer is lost.</summary>
    AnswerLost,
}

/// <summary>An answer, or what went wrong on the way.</summary>
/// <param name="Fault">What went wrong.</param>
/// <param name="Rate">The account's rate limit.</param>
/// <param name="Value">The market's answer; only without a fault.</param>
public readonly record struct LinkAnswer<T>(LinkFault Fault, RateReading Rate, T? Value)
{
    internal static LinkAnswer<T> Failed(LinkFault fault, RateReading rate) => new(fault, rate, default);
}
