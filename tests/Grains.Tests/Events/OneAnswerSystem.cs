using EmergencyStop.Ids;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;

namespace EmergencyStop.Grains.Tests.Events;

/// <summary>A stop system that answers every stop as the test says.</summary>
internal sealed class OneAnswerSystem(Func<StopAnswer> answer) : IEmergencyStopSystem
{
    public int Asked { get; private set; }

    public Task<StopAnswer> StopAsync(EmergencyStopRequest request, TimeSpan wait, CancellationToken cancellationToken)
    {
        Asked++;
        return Task.FromResult(answer());
    }

    public Task<StopPreview> PreviewAsync(StopTarget target, StopOptions options, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ReleaseAnswer> ReleaseAsync(ReleaseRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<EmergencyStopResult?> ResultAsync(StopId stop, TimeSpan wait, CancellationToken cancellationToken) => throw new NotSupportedException();
}
