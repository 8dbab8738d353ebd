using System.Globalization;
using EmergencyStop.Client.Wire;

namespace EmergencyStop.Client;

/// <content>The calls that stop. None of them is taken back by a cancelled token.</content>
public sealed partial class EmergencyStopClient
{
    private static readonly StopOptions Plain = new();

    /// <summary>Stops one user's book.</summary>
    /// <param name="userId">Whose; <c>null</c> for the user of the key.</param>
    /// <param name="reason">Why, in words; 1 to 500 characters.</param>
    /// <param name="options">How; default: cancel orders, pause strategies, hold the gate.</param>
    /// <param name="cancellationToken">Abandons the wait, never the stop.</param>
    /// <returns>The result; <see cref="StopState.Working"/> when the stop goes on after <see cref="StopOptions.Wait"/>: <see cref="WatchAsync"/> follows it.</returns>
    /// <exception cref="EmergencyStopException">Refused (<c>forbidden</c>, <c>validation_failed</c>, …), or not known to have been engaged (<c>unreachable</c>).</exception>
    public Task<StopResult> UserEmergencyStopAsync(
        string? userId, string reason, StopOptions? options = null, CancellationToken cancellationToken = default) =>
        EmergencyStopAsync(userId is null ? StopTarget.OwnBook : StopTarget.OfUser(userId), reason, options, cancellationToken);

    /// <summary>Stops one strategy.</summary>
    /// <param name="strategyId">Which.</param>
    /// <param name="reason">Why, in words; 1 to 500 characters.</param>
    /// <param name="options">How; default: cancel orders, pause the strategy, hold the gate.</param>
    /// <param name="cancellationToken">Abandons the wait, never the stop.</param>
    /// <returns>As <see cref="UserEmergencyStopAsync"/>.</returns>
    /// <exception cref="EmergencyStopException">As <see cref="UserEmergencyStopAsync"/>.</exception>
    public Task<StopResult> StrategyEmergencyStopAsync(
        string strategyId, string reason, StopOptions? options = null, CancellationToken cancellationToken = default) =>
        EmergencyStopAsync(StopTarget.OfStrategy(strategyId), reason, options, cancellationToken);

    /// <summary>Stops a target because a risk limit was broken: the same stop with the code <see cref="EmergencyStopReason.RiskViolation"/>, unless the options hold another.</summary>
    /// <param name="target">What.</param>
    /// <param name="reason">Which limit, in words; 1 to 500 characters.</param>
    /// <param name="options">How; default: cancel orders, pause strategies, hold the gate.</param>
    /// <param name="cancellationToken">Abandons the wait, never the stop.</param>
    /// <returns>As <see cref="UserEmergencyStopAsync"/>.</returns>
    /// <exception cref="EmergencyStopException">As <see cref="UserEmergencyStopAsync"/>.</exception>
    public Task<StopResult> RiskEmergencyStopAsync(
        StopTarget target, string reason, StopOptions? options = null, CancellationToken cancellationToken = default)
    {
        var chosen = options ?? Plain;
        return EmergencyStopAsync(
            target, reason, chosen with { ReasonCode = chosen.ReasonCode ?? EmergencyStopReason.RiskViolation }, cancellationToken);
    }

    /// <summary>Stops a target of any scope.</summary>
    /// <param name="target">What.</param>
    /// <param name="reason">Why, in words; 1 to 500 characters.</param>
    /// <param name="options">How; default: cancel orders, pause strategies, hold the gate.</param>
    /// <param name="cancellationToken">Abandons the wait, never the stop.</param>
    /// <returns>As <see cref="UserEmergencyStopAsync"/>.</returns>
    /// <exception cref="EmergencyStopException">As <see cref="UserEmergencyStopAsync"/>.</exception>
    public Task<StopResult> EmergencyStopAsync(
        StopTarget target, string reason, StopOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(reason);
        return PressAsync("emergency-stop/execute", StopBody.Of(target, reason, options ?? Plain), options ?? Plain, cancellationToken);
    }

    /// <summary>The panic button: cancels, pauses and closes one book.</summary>
    /// <param name="userId">Whose; <c>null</c> for the user of the key.</param>
    /// <param name="reason">Why, in words; up to 500 characters, or <c>null</c>: nobody has to explain a panic.</param>
    /// <param name="options">How; default: cancel orders, pause strategies, close positions, hold the gate.</param>
    /// <param name="cancellationToken">Abandons the wait, never the stop.</param>
    /// <returns>As <see cref="UserEmergencyStopAsync"/>.</returns>
    /// <exception cref="EmergencyStopException">As <see cref="UserEmergencyStopAsync"/>.</exception>
    public Task<StopResult> PanicAsync(
        string? userId = null, string? reason = null, StopOptions? options = null, CancellationToken cancellationToken = default)
    {
        var target = userId is null ? StopTarget.OwnBook : StopTarget.OfUser(userId);
        var body = StopBody.Of(target, reason, options ?? Plain) with { Scope = null };
        return PressAsync("emergency-stop/panic", body, options ?? Plain, cancellationToken);
    }

    private Task<StopResult> PressAsync(string path, StopBody body, StopOptions options, CancellationToken cancellationToken)
    {
        var waitMs = options.Wait is { } wait ? (long?)wait.TotalMilliseconds : null;
        var call = ServiceCall.Post(QueryText.With(path, ("wait_ms", waitMs?.ToString(CultureInfo.InvariantCulture))), body, KeyFor(options.IdempotencyKey));
        return _link.PressAsync<StopResult>(call with { Wait = options.Wait ?? ServiceCall.UsualWait }, cancellationToken);
    }

    private string KeyFor(string? given)
    {
        const int longest = 128;
        var key = given ?? _options.NewIdempotencyKey();
        return key.Length is > 0 and <= longest && key.All(c => c is > ' ' and <= '~')
            ? key
            : throw new ArgumentException($"An idempotency key has 1 to {longest} visible ASCII characters.", nameof(given));
    }
}
