using Orleans.Configuration;

namespace EmergencyStop.Silo.Hosting;

/// <summary>How soon the cluster finds out that a silo is gone.</summary>
/// <remarks>
/// The gate never waits for it. What waits is the rest of a stop whose coordinator was on that silo, and orders of the users
/// who were: so sooner is better, and a wrong verdict, which costs the silo its grains and a restart, is the cheaper mistake.
/// </remarks>
internal static class ClusterTimes
{
    /// <summary>Sets what silos ask of each other.</summary>
    public static void Set(ClusterMembershipOptions membership, ClusterOptions options)
    {
        (membership.ProbeTimeout, membership.MaxProbeTimeout) = (options.ProbeTimeout, options.ProbeTimeout); // Or a hung silo is waited for ever longer.
        (membership.NumMissedProbesLimit, membership.NumVotesForDeathDeclaration) = (options.MissedProbes, options.DeathVotes);
        membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
        membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5); // After three of them an entry is stale, and a cluster that was killed whole starts again.
        membership.DefunctSiloExpiration = TimeSpan.FromDays(1);
    }

    /// <summary>Sets how long a connection may take to be made: machines of a cluster are near each other.</summary>
    public static void Set(ConnectionOptions connections) =>
        (connections.OpenConnectionTimeout, connections.ConnectionRetryDelay) = (TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(200));
}
