using EmergencyStop.Ledger.Rows;
using Npgsql;

namespace EmergencyStop.Ledger.PostgreSql;

/// <summary>What a connection is for; it decides how long its statements may take and how they are planned.</summary>
internal enum ConnectionUse
{
    /// <summary>Admits: the plans are made once, and never read a whole table.</summary>
    Admit,

    /// <summary>Writes anything else.</summary>
    Write,

    /// <summary>Reads lists.</summary>
    Read,
}

/// <summary>Makes the ledger's connections and looks at who answers.</summary>
internal sealed class PostgreSqlConnections
{
    /// <summary>The schema that holds the ledger, so that other tables may stand in the same database.</summary>
    public const string Schema = "emergency_stop";

    /// <summary>Statements that the driver keeps prepared.</summary>
    private const int MostPrepared = 200;

    private readonly PostgreSqlLedgerOptions _options;

    public PostgreSqlConnections(string connectionString, PostgreSqlLedgerOptions options)
    {
        _options = options;
        try
        {
            At = new(connectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
        {
            throw new LedgerUnavailableException("ConnectionStrings:Ledger cannot be read: write it as Host=…;Database=…;Username=…;Password=….", e);
        }

        if (string.IsNullOrEmpty(At.Host))
        {
            throw new LedgerUnavailableException("ConnectionStrings:Ledger names no server: write it as Host=…;Database=…;Username=…;Password=….");
        }

        At.Database ??= At.Username;
    }

    /// <summary>Where the ledger is.</summary>
    public NpgsqlConnectionStringBuilder At { get; }

    /// <summary>Opens a connection.</summary>
    public PostgreSqlSession Open(ConnectionUse use)
    {
        var connection = new NpgsqlConnection(Text(use));
        try
        {
            connection.Open();
            return new(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private string Text(ConnectionUse use)
    {
        var timeout = use == ConnectionUse.Read ? _options.ReadTimeout : _options.WriteTimeout;
        var milliseconds = ((long)timeout.TotalMilliseconds).ToString(Values.Invariant);
        var idle = ((long)_options.IdleTimeout.TotalMilliseconds).ToString(Values.Invariant);
        return new NpgsqlConnectionStringBuilder(At.ConnectionString)
        {
            Pooling = false,
            Multiplexing = false,
            Enlist = false,
            SearchPath = Schema,
            ApplicationName = "emergency-stop",
            Timeout = (int)Math.Ceiling(_options.ConnectTimeout.TotalSeconds),
            CommandTimeout = (int)Math.Ceiling(timeout.TotalSeconds) + 1, // The server's own bound comes first and says which statement it was.
            CancellationTimeout = 1_000,
            MaxAutoPrepare = MostPrepared,
            AutoPrepareMinUsages = 2,
            KeepAlive = 0,
            Options = "-c synchronous_commit=on -c default_transaction_isolation=read\\ committed -c jit=off -c client_min_messages=warning"
                + $" -c idle_in_transaction_session_timeout={idle} -c statement_timeout={milliseconds} -c lock_timeout={milliseconds}"
                + " -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3"
                + (use == ConnectionUse.Admit ? " -c plan_cache_mode=force_generic_plan -c enable_seqscan=off" : string.Empty),
        }.ConnectionString;
    }
}
