using EmergencyStop.Events;
using EmergencyStop.Ids;
using EmergencyStop.Stopping;
using EmergencyStop.Venues;

namespace EmergencyStop.Api.Tests.Hosting;

/// <summary>A bus that hands every stop on to the scripted system.</summary>
internal sealed class ScriptedBus(IEmergencyStopSystem system) : IEventBus
{
    public Task<StopAnswer> PublishAsync(EmergencyStopRequested requested, CancellationToken cancellationToken) => requested.Id == "unhandled"
        ? throw new EventNotHandledException("It is set aside.", new InvalidOperationException("no"))
        : system.StopAsync(requested.Request, requested.Wait, cancellationToken);

    public Task<long> PublishAsync(string type, string subject, EventAudience audience, string data, CancellationToken cancellationToken) =>
        throw new NotSupportedException("The API does not call this.");

    public Task<StopAnswer> PublishEmergencyStopAsync(UserId userId, string reason) => throw new NotSupportedException("The API does not call this.");
}

/// <summary>One account a user, as the simulated venue has it.</summary>
internal sealed class ScriptedAccounts : IBookAccounts
{
    public AccountId AccountOf(UserId user) => AccountId.Parse(user.Value);
}
