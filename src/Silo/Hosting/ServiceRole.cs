namespace EmergencyStop.Silo.Hosting;

/// <summary>What a process of the service does; the setting <c>Role</c>, or <c>--role</c>.</summary>
public enum ServiceRole
{
    /// <summary>Hosts grains and serves the API: all there is on one machine, and the default.</summary>
    Service,

    /// <summary>Hosts grains in a cluster and answers nothing but health checks. Orleans host only.</summary>
    Silo,

    /// <summary>Serves the API and hosts no grains: a client of the cluster. Orleans host only.</summary>
    Gateway,
}
