using System.Net.Sockets;
using Npgsql;

namespace EmergencyStop.Ledger.PostgreSql;

/// <summary>Turns the server's and the network's errors into one sentence that says what to do.</summary>
internal static class PostgreSqlTrouble
{
    /// <summary>A code that the driver has no name for.</summary>
    private const string IdleInTransaction = "25P03";

    /// <summary>Where the connection string is set, as people write it.</summary>
    private const string Setting = "ConnectionStrings:Ledger";

    /// <summary>Whether it is one of the database's or its connection's.</summary>
    public static bool Is(Exception trouble) => trouble is NpgsqlException or TimeoutException or SocketException or IOException or ObjectDisposedException;

    /// <summary>Whether a row that is there already is in the way.</summary>
    public static bool IsOfUniqueness(Exception trouble) => trouble is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    /// <summary>Whether the work may be tried again at once: another transaction was in its way, and nothing of it stands.</summary>
    public static bool IsOfConcurrency(Exception trouble) =>
        trouble is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure };

    /// <summary>Whether the server has ended the connection while it stood still in a transaction, or for a stop that waited.</summary>
    public static bool IsOfEnding(Exception trouble) =>
        trouble is PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or IdleInTransaction };

    /// <summary>What to tell whoever waits.</summary>
    public static Exception Told(Exception trouble, NpgsqlConnectionStringBuilder at) => trouble switch
    {
        _ when IsOfUniqueness(trouble) => new InvalidOperationException("The ledger holds such a row already.", trouble),
        _ when Is(trouble) => new LedgerUnavailableException(Sentence(trouble, at), trouble),
        _ => trouble,
    };

    internal static string Sentence(Exception trouble, NpgsqlConnectionStringBuilder at) =>
        trouble is PostgresException of ? Sentence(of.SqlState, at) : trouble switch
        {
            NpgsqlException { InnerException: TimeoutException } or TimeoutException => $"The database server {Where(at)} does not answer in time: check that it runs and is not overloaded.",
            _ => $"The database server {Where(at)} cannot be reached: start it, or check Host and Port in {Setting}.",
        };

    /// <summary>The sentence for one of the server's codes.</summary>
    internal static string Sentence(string code, NpgsqlConnectionStringBuilder at) => code switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            $"The database server {Where(at)} does not let {at.Username} in: check Username and Password in {Setting}, and the server's pg_hba.conf.",
        PostgresErrorCodes.InvalidCatalogName =>
            $"The database server {Where(at)} has no database {at.Database}: create it (createdb {at.Database}), or name another in {Setting}.",
        PostgresErrorCodes.InsufficientPrivilege =>
            $"{at.Username} may not use the database {Name(at)}: make it the owner of the database (ALTER DATABASE {at.Database} OWNER TO {at.Username}).",
        PostgresErrorCodes.TooManyConnections =>
            $"The database server {Where(at)} has no connection left: raise its max_connections, or end what else is connected.",
        PostgresErrorCodes.DiskFull => $"The disk of the database server {Where(at)} is full: make room on it.",
        PostgresErrorCodes.ReadOnlySqlTransaction =>
            $"The database {Name(at)} is read-only: name the primary server in {Setting}, not a replica.",
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or IdleInTransaction => $"The database server {Where(at)} has ended the connection: it is tried again.",
        PostgresErrorCodes.CannotConnectNow => $"The database server {Where(at)} is starting or stopping: wait until it is up.",
        PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable =>
            $"The database {Name(at)} has not done a statement in time: look for a long transaction on it (pg_stat_activity).",
        PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted =>
            $"The database {Name(at)} is damaged: end the service, keep the data, and restore a backup (docs/ledger.md).",
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.UndefinedColumn =>
            $"The ledger's tables are not in the database {Name(at)} as this program made them: restore a backup (docs/ledger.md).",
        _ => $"The database {Name(at)} cannot be used (PostgreSQL error {code}).",
    };

    private static string Where(NpgsqlConnectionStringBuilder at) => $"{at.Host}:{at.Port}";

    private static string Name(NpgsqlConnectionStringBuilder at) => $"{at.Database} on {Where(at)}";
}
