using EmergencyStop.Ids;

namespace EmergencyStop.Stopping;

/// <summary>How a SYSTEM stop cuts the users into slices.</summary>
public static class Partitions
{
    /// <summary>Number of slices. Frozen: the ledger stores each order's partition.</summary>
    public const int Count = 32;

    /// <summary>The slice a user belongs to: FNV-1a of the id's characters, modulo <see cref="Count"/>.</summary>
    public static int Of(UserId user)
    {
        unchecked
        {
            var hash = 2166136261u;
            foreach (var c in user.Value)
            {
                hash = (hash ^ c) * 16777619u;
            }

            return (int)(hash % Count);
        }
    }
}
