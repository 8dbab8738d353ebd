using EmergencyStop.Ledger;
using Microsoft.Extensions.Logging;

namespace EmergencyStop.Grains.Events;

/// <summary>Tries one thing a few times, each within a time, apart from everything else.</summary>
internal sealed partial class EventAttempts(TimeProvider time, EventOptions options, ILogger log)
{
    /// <summary>Longest wait between two attempts.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>Tries to have an event handled.</summary>
    /// <param name="handler">The handler's name.</param>
    /// <param name="what">The event, for the log.</param>
    /// <param name="handle">Hands it over.</param>
    /// <param name="mayGoOn">Asked before each attempt; false ends it undecided.</param>
    /// <param name="stopping">Ends it undecided.</param>
    public async Task<Attempted> RunAsync(
        string handler, string what, Func<CancellationToken, Task> handle, Func<Task<bool>> mayGoOn, CancellationToken stopping)
    {
        var (wait, why, last) = (options.RetryAfter, string.Empty, (Exception?)null);
        for (var attempt = 1; attempt <= options.Attempts; attempt++)
        {
            if (!await mayGoOn())
            {
                return new(AttemptEnd.Undecided, attempt - 1, why, last);
            }

            try
            {
                await WithinAsync(handle, stopping);
                EventMeasures.Handled(handler);
                return new(AttemptEnd.Handled, attempt, why, last);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return new(AttemptEnd.Undecided, attempt - 1, why, last);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                (last, why) = (e, e is TimeoutException ? $"It took longer than {options.HandlerTimeout.TotalSeconds} s." : $"It threw {e.GetType().Name}; the log says more.");
                EventMeasures.Failed(handler);
                LogFailed(e, handler, what, attempt, options.Attempts);
            }

            if (attempt < options.Attempts)
            {
                await Task.Delay(wait, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
            }
        }

        return new(AttemptEnd.Failed, options.Attempts, why, last);
    }

    /// <summary>On a thread of its own from the start, so that one that blocks keeps nobody else; past its time it is not waited for.</summary>
    private async Task WithinAsync(Func<CancellationToken, Task> handle, CancellationToken stopping)
    {
        using var late = new CancellationTokenSource(options.HandlerTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stopping);
        var token = either.Token;
        var handled = Task.Factory.StartNew(() => handle(token), CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Default).Unwrap();
        try
        {
            await handled.WaitAsync(token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            _ = handled.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default); // Nobody else looks at it.
            throw new TimeoutException();
        }
    }

    [LoggerMessage(EventIds.EventAttemptFailed, LogLevel.Warning, "Handler {Handler} could not take in {What}, attempt {Attempt} of {Attempts}")]
    private partial void LogFailed(Exception e, string handler, string what, int attempt, int attempts);
}

/// <summary>How the attempts at one event ended.</summary>
internal enum AttemptEnd
{
    /// <summary>The handler has taken it in.</summary>
    Handled,

    /// <summary>Every attempt failed.</summary>
    Failed,

    /// <summary>They were broken off; somebody tries again.</summary>
    Undecided,
}

/// <summary>What became of the attempts at one event.</summary>
/// <param name="End">How they ended.</param>
/// <param name="Attempts">How many there were.</param>
/// <param name="Why">What went wrong the last time, in words for people.</param>
/// <param name="Last">The same, for the log.</param>
internal sealed record Attempted(AttemptEnd End, int Attempts, string Why, Exception? Last);
