using EmergencyStop.Ledger.Rows;

namespace EmergencyStop.Ledger.PostgreSql;

/// <summary>What the parts of one PostgreSQL ledger share.</summary>
/// <param name="connectionString">How to reach the database.</param>
/// <param name="options">How it is driven.</param>
/// <param name="alone">Whether this process is to be the only service on the ledger.</param>
/// <param name="time">The clock.</param>
internal sealed class PostgreSqlSite(string connectionString, PostgreSqlLedgerOptions options, bool alone, TimeProvider time)
{
    private readonly Lock _rollback = new();
    private string? _identity;
    private bool _held;
    private int _generation;
    private int _stopping;

    public PostgreSqlLedgerOptions Options => options;

    public TimeProvider Time => time;

    /// <summary>Whether this process is to be the only service on the ledger.</summary>
    public bool Alone => alone;

    public PostgreSqlConnections Connections { get; } = new(connectionString, options);

    public GateKeeper Gate { get; } = new();

    public OrderMemory Memory { get; } = new();

    public IActiveOrders Active { get; } = new PostgreSqlOrders();

    public EventHorizon Events { get; } = new();

    /// <summary>Brings into memory what other processes do; idle where this one is alone.</summary>
    public OrderFollower Others => field ??= new(Memory, Events);

    /// <summary>Rung for events.</summary>
    public CommitBell Outbox { get; } = new();

    /// <summary>For people: the database and its server, without secrets.</summary>
    public string Name => $"{Connections.At.Database} on {Connections.At.Host}:{Connections.At.Port}";

    /// <summary>Which ledger on which server answered first.</summary>
    public string? Identity => Volatile.Read(ref _identity);

    /// <summary>When a commit worked last, as <see cref="System.Diagnostics.Stopwatch"/> counts.</summary>
    public long LastCommit { get; set; }

    /// <summary>Rung when changes of orders were committed: the watch looks how far they can be read.</summary>
    public Signal Changed { get; } = new();

    /// <summary>Counts losses of the server that were noticed: a connection from before one is not used again.</summary>
    public int Generation => Volatile.Read(ref _generation);

    /// <summary>How many stops of this process wait for the gate: admissions let them go first.</summary>
    public int Stopping => Volatile.Read(ref _stopping);

    /// <summary>Whether this process may admit: it is alone where it is to be.</summary>
    public bool MayAdmit => !alone || Volatile.Read(ref _held);

    /// <summary>Says whether the lock of those who are alone is held.</summary>
    public void SetAlone(bool held) => Volatile.Write(ref _held, held);

    /// <summary>A stop begins to wait (1), or has its answer (-1).</summary>
    public void CountStopping(int change) => Interlocked.Add(ref _stopping, change);

    /// <summary>The server was lost: every connection is to be opened anew.</summary>
    public void Lost() => Interlocked.Increment(ref _generation);

    /// <summary>Opens a connection that writes; one to a ledger that has gone back closes SYSTEM first.</summary>
    public PostgreSqlSession OpenGuarded(ConnectionUse use)
    {
        var session = Connections.Open(use);
        try
        {
            Guard(session);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Reads the gate and the active orders into memory, as of one moment.</summary>
    public void Load(PostgreSqlSession session)
    {
        _identity ??= ServerIdentity.Read(session);
        if (!alone)
        {
            Others.Begin(session);
        }

        var (number, orders) = session.Snapshot(static s => (GateRows.Read(s).Number, RememberedRows.Active(s)));
        Memory.Reload(orders, number);
        Gate.Read(session);
    }

    /// <summary>What to tell whoever waits for work that failed; what is known of the gate is forgotten where the connection broke.</summary>
    public Exception Told(Exception trouble, bool broken)
    {
        if (broken)
        {
            Gate.Forget();
        }

        return PostgreSqlTrouble.Told(trouble, Connections.At);
    }

    /// <summary>A server that was restored while this process ran has forgotten latches and orders: nothing goes on before SYSTEM is closed.</summary>
    private void Guard(PostgreSqlSession session)
    {
        if (session.Sql("SELECT pg_is_in_recovery()::int").First(static r => r.Bool()))
        {
            throw new LedgerUnavailableException($"The database {Name} is a read-only replica: name the primary server in ConnectionStrings:Ledger.");
        }

        var seen = Gate.Highest; // Before the server is asked: other connections of this process go on meanwhile.
        var identity = ServerIdentity.Read(session);
        var number = GateRows.Read(session).Number;
        lock (_rollback)
        {
            if (_identity is null || (identity == _identity && (number >= seen.Number || seen.Restarts != Gate.Highest.Restarts)))
            {
                Volatile.Write(ref _identity, identity);
                return;
            }

            Gate.Restart();
            Events.Restart();
            RollbackStop.Engage(session, seen.Number, number, time);
            Gate.Read(session);
            Volatile.Write(ref _identity, identity);
        }
    }
}
