using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace Orleans.Solo;

/// <summary>How the one silo of this process runs its grains.</summary>
public sealed class SoloSiloOptions
{
    private const string Shortest = "00:00:00.001";
    private const string Longest = "24.00:00:00";

    /// <summary>The assemblies whose grain classes and contracts are hosted.</summary>
    public ISet<Assembly> GrainAssemblies { get; } = new HashSet<Assembly>();

    /// <summary>Where turns run.</summary>
    /// <value>Default: the thread pool. A seeded one makes every interleaving repeatable.</value>
    public ITurnScheduler TurnScheduler { get; set; } = new ThreadPoolTurnScheduler();

    /// <summary>The clock of timeouts, timers and collection.</summary>
    /// <value>Default: null, which means the one registered as a service, or else the system's.</value>
    public TimeProvider? TimeProvider { get; set; }

    /// <summary>The source of activation ids; it is locked while used.</summary>
    /// <value>Default: seeded from the operating system. A seeded one makes ids repeatable.</value>
    public Random Random { get; set; } = new(System.Security.Cryptography.RandomNumberGenerator.GetInt32(int.MaxValue));

    /// <summary>How long a caller waits for a response, unless the method's [ResponseTimeout] says otherwise.</summary>
    /// <value>1 ms to 24 days; default 30 s, as in Orleans.</value>
    [Range(typeof(TimeSpan), Shortest, Longest)]
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an activation may be idle, unless the class's [CollectionAgeLimit] says otherwise.</summary>
    /// <value>1 ms to 24 days, and of use only above <see cref="CollectionQuantum"/>; default 15 min, as in Orleans.</value>
    [Range(typeof(TimeSpan), Shortest, Longest)]
    public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How often idle activations are looked for.</summary>
    /// <value>1 ms to 24 days; default 1 min, as in Orleans.</value>
    [Range(typeof(TimeSpan), Shortest, Longest)]
    public TimeSpan CollectionQuantum { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest that making, reading and OnActivateAsync of a grain may take together.</summary>
    /// <value>1 ms to 24 days; default 30 s, as in Orleans.</value>
    [Range(typeof(TimeSpan), Shortest, Longest)]
    public TimeSpan ActivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest that OnDeactivateAsync of a grain may take.</summary>
    /// <value>1 ms to 24 days; default 30 s, as in Orleans.</value>
    [Range(typeof(TimeSpan), Shortest, Longest)]
    public TimeSpan DeactivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest that a deactivation waits for running requests before calls go to a new activation.</summary>
    /// <value>1 ms to 24 days; default 2 h, as in Orleans.</value>
    [Range(typeof(TimeSpan), Shortest, Longest)]
    public TimeSpan MaxRequestProcessingTime { get; set; } = TimeSpan.FromHours(2);

    /// <summary>The longest that stopping the silo waits for its activations to end.</summary>
    /// <value>1 ms to 24 days; default 30 s. The host's own shutdown timeout cuts it short.</value>
    [Range(typeof(TimeSpan), Shortest, Longest)]
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>Checks the ranges when the host starts.</summary>
[OptionsValidator]
internal sealed partial class SoloSiloOptionsValidator : IValidateOptions<SoloSiloOptions>;
