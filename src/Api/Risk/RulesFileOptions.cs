using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Api.Risk;

/// <summary>The file of risk rules; section <c>Risk:File</c>.</summary>
public sealed class RulesFileOptions
{
    /// <summary>The section that holds these options.</summary>
    public const string Section = "Risk:File";

    /// <summary>The file, in YAML or JSON; it owns the rules that it names.</summary>
    /// <value>A path; default none: rules are written through the API only. Where several processes have one, it must be the same.</value>
    public string? Path { get; set; }

    /// <summary>How often it is looked at for changes.</summary>
    /// <value>100 ms to 1 h; default 2 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan CheckEvery { get; set; } = TimeSpan.FromSeconds(2);
}

/// <summary>Checks <see cref="RulesFileOptions"/> at the start.</summary>
[OptionsValidator]
internal sealed partial class RulesFileOptionsValidator : IValidateOptions<RulesFileOptions>;
