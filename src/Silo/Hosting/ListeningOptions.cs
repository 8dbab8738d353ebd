namespace EmergencyStop.Silo.Hosting;

/// <summary>Where the service may listen; section <c>Listening</c>.</summary>
public sealed class ListeningOptions
{
    /// <summary>The section that holds these options.</summary>
    public const string Section = "Listening";

    /// <summary>Lets plain HTTP be served on addresses that other machines reach; <c>--allow-insecure-http</c> is the same.</summary>
    /// <value>Default false: keys and orders would cross the network for everybody to read. True only behind a proxy that speaks TLS.</value>
    public bool AllowInsecureHttp { get; set; }
}
