using Microsoft.Extensions.Options;

namespace EmergencyStop.Api.Risk;

/// <summary>How the rules' file stands in this process.</summary>
internal sealed class RulesFileStatus(IOptions<RulesFileOptions> options)
{
    private RulesFileResponse? _now = options.Value.Path is { } path ? new(path, null, null) : null;

    /// <summary>How it stands; <c>null</c> where no file is named.</summary>
    public RulesFileResponse? Now => Volatile.Read(ref _now);

    /// <summary>It was taken.</summary>
    public void Taken(DateTimeOffset at) => Volatile.Write(ref _now, Now! with { ReadAt = at, Wrong = null }); // Only where one is named.

    /// <summary>What is in it now is not taken.</summary>
    public void Refused(string why) => Volatile.Write(ref _now, Now! with { Wrong = why }); // Only where one is named.
}
