using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Silo.Hosting;

/// <summary>The Orleans host and its cluster; section <c>Cluster</c>. The Solo host is one process and heeds none of it.</summary>
public sealed class ClusterOptions : IValidatableObject
{
    /// <summary>The section that holds these options.</summary>
    public const string Section = "Cluster";

    /// <summary>Where silos find each other: <c>Localhost</c>, one silo on this machine, or <c>AdoNet</c>, a cluster whose table is in PostgreSQL.</summary>
    /// <value>Default <c>Localhost</c>. <c>ConnectionStrings:Orleans</c> names the database; without it the ledger's is taken.</value>
    public ClusterMembership Membership { get; set; }

    /// <summary>The cluster's name: silos with another one are another cluster.</summary>
    /// <value>Default <c>emergency-stop</c>. A new one for a deployment beside the old, on the same ledger.</value>
    [StringLength(64, MinimumLength = 1)]
    public string ClusterId { get; set; } = "emergency-stop";

    /// <summary>The service's name, by which grain state is found again; stays the same over deployments.</summary>
    /// <value>Default <c>emergency-stop</c>.</value>
    [StringLength(64, MinimumLength = 1)]
    public string ServiceId { get; set; } = "emergency-stop";

    /// <summary>The port on which silos talk to each other.</summary>
    /// <value>0 to 65,535; default 11111. 0: any free port, with <c>Localhost</c> only.</value>
    [Range(0, IPEndPoint.MaxPort)]
    public int SiloPort { get; set; } = 11111;

    /// <summary>The port on which gateways talk to a silo.</summary>
    /// <value>0 to 65,535; default 30000. 0: this silo takes no gateways.</value>
    [Range(0, IPEndPoint.MaxPort)]
    public int GatewayPort { get; set; } = 30000;

    /// <summary>The address by which the others reach this silo; it listens there and nowhere else.</summary>
    /// <value>An IP address; default with <c>AdoNet</c>: the first of this machine's own that is not loopback.</value>
    public string? AdvertisedAddress { get; set; }

    /// <summary>How long one probe of another silo may take.</summary>
    /// <value>200 ms to 10 s; default 1 s. A pause of a silo beyond <see cref="MissedProbes"/> of them puts it out of the cluster.</value>
    /// <remarks>With three missed probes a killed silo is known after about 1.2 s and a hung one after about 4 s (measured); Orleans' own default takes a minute for the latter.</remarks>
    [Range(typeof(TimeSpan), "00:00:00.200", "00:00:10")]
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many probes in a row must be missed before a silo is put out of the cluster.</summary>
    /// <value>2 to 10; default 3.</value>
    [Range(2, 10)]
    public int MissedProbes { get; set; } = 3;

    /// <summary>How many silos must say so.</summary>
    /// <value>1 to 10; default 1: a wrong verdict costs a few seconds, since the ledger, not membership, keeps the gate closed; a late one costs a stop those seconds.</value>
    [Range(1, 10)]
    public int DeathVotes { get; set; } = 1;

    /// <summary>A PEM file with this process's certificate, for both sides of a connection: TLS between silos, and from gateways to silos.</summary>
    /// <value>Default none: no TLS, and the ports must be closed to strangers by the network. With it all three files are named.</value>
    public string? TlsCertificateFile { get; set; }

    /// <summary>A PEM file with the certificate's key.</summary>
    /// <value>Default none.</value>
    public string? TlsKeyFile { get; set; }

    /// <summary>A PEM file with the authority that has issued the certificates of this cluster's processes; no other authority is trusted.</summary>
    /// <value>Default none.</value>
    public string? TlsAuthorityFile { get; set; }

    /// <summary>Whether connections are TLS.</summary>
    internal bool HasTls => TlsCertificateFile is not null;

    /// <summary>Reads and checks them.</summary>
    /// <exception cref="OptionsValidationException">A value is out of its range; the failures name it.</exception>
    public static ClusterOptions Of(IConfiguration configuration)
    {
        var options = new ClusterOptions();
        try
        {
            configuration.GetSection(Section).Bind(options);
        }
        catch (InvalidOperationException e)
        {
            throw new OptionsValidationException(Section, typeof(ClusterOptions), [e.Message]);
        }

        var failures = new List<ValidationResult>();
        return Validator.TryValidateObject(options, new(options), failures, validateAllProperties: true)
            ? options
            : throw new OptionsValidationException(Section, typeof(ClusterOptions), failures.Select(f => $"{Section}: {f.ErrorMessage}"));
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        string?[] tls = [TlsCertificateFile, TlsKeyFile, TlsAuthorityFile];
        if (tls.Any(f => f is null) && tls.Any(f => f is not null))
        {
            yield return new("TlsCertificateFile, TlsKeyFile and TlsAuthorityFile go together: set all three, or none.");
        }

        foreach (var missing in tls.OfType<string>().Where(f => !File.Exists(f)))
        {
            yield return new($"{missing} is not there: the TLS files must be readable before the start.");
        }

        if (AdvertisedAddress is { } address && !IPAddress.TryParse(address, out _))
        {
            yield return new($"AdvertisedAddress is {address}, which is no IP address.");
        }
    }
}

/// <summary>Where silos find each other.</summary>
public enum ClusterMembership
{
    /// <summary>One silo, on this machine; grain state lives in its memory.</summary>
    Localhost,

    /// <summary>A table in PostgreSQL, and grain state beside it.</summary>
    AdoNet,
}
