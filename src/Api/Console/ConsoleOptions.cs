using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Api.Console;

/// <summary>Bounds of the pages; section <c>Console</c>.</summary>
public sealed class ConsoleOptions
{
    /// <summary>The section that holds these options.</summary>
    public const string Section = "Console";

    /// <summary>How long somebody who does nothing stays signed in; a page that refreshes itself does nothing.</summary>
    /// <value>1 min to 30 d; default 8 h: whoever watches a quiet night must not have to look for a key when it ends.</value>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan SessionIdle { get; set; } = TimeSpan.FromHours(8);

    /// <summary>How long anybody stays signed in with one sign-in.</summary>
    /// <value>1 min to 30 d; default 12 h: a shift.</value>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan SessionLongest { get; set; } = TimeSpan.FromHours(12);

    /// <summary>Whether the cookies are marked Secure although the service itself is reached by plain HTTP.</summary>
    /// <value>Default false: they are marked so over https only. True behind a proxy that speaks TLS.</value>
    public bool AlwaysSecure { get; set; }

    /// <summary>How long a page waits for each thing that it reads from the ledger; then it says that it cannot be read.</summary>
    /// <value>50 ms to 30 s; default 2 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:30")]
    public TimeSpan ReadWait { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the question before a stop waits for its preview; then it is asked without one.</summary>
    /// <value>50 ms to 30 s; default 1 s: a preview never stands in the way of a stop.</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:30")]
    public TimeSpan PreviewWait { get; set; } = TimeSpan.FromSeconds(1);
}

/// <summary>Checks <see cref="ConsoleOptions"/> at the start.</summary>
[OptionsValidator]
internal sealed partial class ConsoleOptionsValidator : IValidateOptions<ConsoleOptions>;
