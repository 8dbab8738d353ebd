using System.Collections.Immutable;
using System.Diagnostics;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Ledger.Gate;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.PostgreSql;

/// <summary>The ledger in a PostgreSQL database: every commit on the server's disk before it is answered.</summary>
/// <remarks>
/// Admissions and engages are functions that the server runs and commits by itself, ordered by an advisory lock. Everything else is
/// a transaction that one writer at a time works in, whatever process it is of, and that takes the gate lock for its last step only.
/// </remarks>
public sealed class PostgreSqlLedger : StoredLedger
{
    private static readonly TimeSpan FreshCommit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HealthTimeout = TimeSpan.FromSeconds(2);
    private readonly PostgreSqlSite _site;
    private readonly LedgerQueue _normal;
    private readonly LedgerQueue _urgent;
    private readonly GateRemedy _remedy;
    private readonly AdmissionQueue _admissions;
    private readonly ImmutableArray<AdmissionPump> _pumps;
    private readonly EngageDesk _desk;
    private readonly PostgreSqlWriter _writer;
    private readonly PostgreSqlWriter _gateWriter;
    private readonly PostgreSqlReaders _readers;
    private readonly PostgreSqlWatch _watch;
    private int _started;
    private int _disposed;

    internal PostgreSqlLedger(string connectionString, PostgreSqlLedgerOptions options, bool alone, TimeProvider time)
        : base(time)
    {
        _site = new(connectionString, options, alone, time);
        (_normal, _urgent) = (new(options.QueueLimit), new(options.QueueLimit));
        _remedy = new(_site);
        _admissions = new(options.QueueLimit);
        _pumps = [.. Enumerable.Range(0, options.Admitters).Select(_ => new AdmissionPump(_site, _admissions))];
        _desk = new(_site, _remedy, _normal);
        _writer = new(_site, _normal, exclusive: false);
        _gateWriter = new(_site, _urgent, exclusive: true);
        _readers = new(_site);
        _watch = new(_site);
    }

    /// <inheritdoc/>
    public override GateView Gate => _site.Gate.View;

    /// <summary>Which ledger on which server this is: its system id, its timeline, the ledger's own id. Another one means a restore.</summary>
    public string Identity => _site.Identity ?? string.Empty;

    /// <summary>Whether memory holds every active order: it does where no other process admits any. Beside others it lags by a fraction of a second.</summary>
    public override bool RemembersOrders => _site.Alone;

    /// <inheritdoc/>
    public override long LastRemembered => _site.Memory.Upto;

    private protected override IActiveOrders Active => _site.Active;

    /// <summary>Connects, makes or updates the schema, and reads the latches before anything is admitted.</summary>
    /// <param name="connectionString">How to reach the database, as Npgsql writes it: <c>Host=…;Database=…;Username=…;Password=…</c>.</param>
    /// <param name="options">How it is driven. What the ledger needs of a connection (search path, timeouts, no pooling) it sets itself.</param>
    /// <param name="alone">Whether this process is to be the only service on the ledger, as a Solo host is: another one that asks for the same is refused. False for commands that work beside a service.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    /// <exception cref="LedgerUnavailableException">The database cannot be used; the message says what to do.</exception>
    public static async Task<PostgreSqlLedger> OpenAsync(
        string connectionString, PostgreSqlLedgerOptions options, bool alone, TimeProvider time, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var ledger = new PostgreSqlLedger(connectionString, options, alone, time);
        try
        {
            await LedgerPatience.Apart(() => Task.FromResult(ledger.Open())).WaitAsync(cancellationToken);
            return ledger;
        }
        catch
        {
            await ledger.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public override RememberedOrder? Recall(OrderId order) => _site.Memory.Recall(order);

    /// <inheritdoc/>
    public override ImmutableArray<UserId> RememberedUsers(StrategyId? strategy) => _site.Memory.Users(strategy);

    /// <inheritdoc/>
    public override ValueTask<EngageAnswer> EngageAsync(StopId id, EmergencyStopRequest request, CancellationToken cancellationToken) =>
        new(Wait(_desk.Add(id, request, replay: null), cancellationToken));

    /// <inheritdoc/>
    public override Task<EngageAnswer> ReplayAsync(SpooledStop stop, string? note, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stop);
        return Wait(_desk.Add(stop.Id, stop.Request, new(note)), cancellationToken);
    }

    /// <inheritdoc/>
    public override Task<OrderEventPage> OrderEventsAsync(OrderEventQuery query, CancellationToken cancellationToken) =>
        _readers.ReadAsync(
            session =>
            {
                var through = _site.Events.Settle(session); // Before the snapshot of the page, which then shows everything up to there.
                return session.Snapshot(s => OrderEventTable.Page(s, query, through));
            },
            cancellationToken);

    /// <inheritdoc/>
    public override Task<OrderCountPage> OrderCountsAsync(long after, CancellationToken cancellationToken) =>
        _readers.ReadAsync(
            session =>
            {
                var through = _site.Events.Settle(session);
                return session.Snapshot(s => OrderEventTable.Counts(s, after, through));
            },
            cancellationToken);

    /// <inheritdoc/>
    public override Task OrderEventsAfterAsync(long after, CancellationToken cancellationToken) => _site.Events.After(after).WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public override Task EventsAfterAsync(long after, CancellationToken cancellationToken) => _site.Outbox.After(after).WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public override Task<bool> PruneOrderEventsAsync(DateTimeOffset before, long most, CancellationToken cancellationToken) =>
        Normal(transaction => OrderEventTable.Prune(transaction.Session, before, most), cancellationToken);

    /// <inheritdoc/>
    public override async ValueTask<LedgerHealth> HealthAsync(CancellationToken cancellationToken)
    {
        if (!_site.MayAdmit)
        {
            return new("postgresql", false, $"This service does not hold the ledger {_site.Name} alone.");
        }

        if (Gate.Number >= 0 && Stopwatch.GetElapsedTime(_site.LastCommit) < FreshCommit)
        {
            return new("postgresql", true, null);
        }

        try
        {
            _ = await Normal(static transaction => transaction.Session.Sql("UPDATE pulse SET id = id").Run(), CancellationToken.None)
                .WaitAsync(HealthTimeout, Time, cancellationToken);
            return new("postgresql", true, null);
        }
        catch (LedgerUnavailableException trouble)
        {
            return new("postgresql", false, trouble.Message);
        }
        catch (TimeoutException)
        {
            return new("postgresql", false, $"A commit takes longer than {HealthTimeout.TotalSeconds} s.");
        }
    }

    /// <summary>Finishes what is queued, within <see cref="PostgreSqlLedgerOptions.CloseTimeout"/>, and closes the connections.</summary>
    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1 || Volatile.Read(ref _started) == 0)
        {
            return;
        }

        _admissions.Close();
        _desk.Close();
        _urgent.Close();
        await Task.WhenAll([.. _pumps.Select(p => p.Ended), _desk.Ended, _gateWriter.Ended]);
        _normal.Close();
        await _writer.Ended;
        await _readers.DisposeAsync();
        _remedy.Close();
        _watch.Close();
        await Task.WhenAll(_remedy.Ended, _watch.Ended);
        _site.Gate.Forget();
    }

    private protected override ValueTask<AdmitAnswer> Admit(NewOrder order, CancellationToken cancellationToken) =>
        new(Wait(_admissions.Add(order), cancellationToken));

    private protected override ValueTask<T> ReadOne<T>(Func<LedgerSession, T> read) => new(ReadAsync(read, CancellationToken.None));

    private protected override Task<T> ReadAsync<T>(Func<LedgerSession, T> read, CancellationToken cancellationToken) =>
        _readers.ReadAsync(session => session.Snapshot(read), cancellationToken);

    private protected override Task<T> Normal<T>(LedgerJob<T> job, CancellationToken cancellationToken)
    {
        _normal.AddNormal(job);
        return Wait(job.Answer, cancellationToken);
    }

    private protected override Task<T> Urgent<T>(LedgerJob<T> job, CancellationToken cancellationToken)
    {
        _urgent.AddNormal(job);
        return Wait(job.Answer, cancellationToken);
    }

    private protected override Task<T> AtOnce<T>(LedgerJob<T> job, CancellationToken cancellationToken)
    {
        _urgent.AddUrgent(job);
        return Wait(job.Answer, cancellationToken);
    }

    private protected override ImmutableArray<UserId> Unclear(LedgerSession session, long upTo, UserId? after, int limit) =>
        PostgreSqlOrders.Unclear(session, upTo, after, limit);

    private bool Open()
    {
        PostgreSqlSession? session = null;
        try
        {
            session = _site.Connections.Open(ConnectionUse.Write);
            if (ServerIdentity.WhyNot(session, _site.Name) is { } why)
            {
                throw new LedgerUnavailableException(why);
            }

            PostgreSqlSchema.Update(session, _site.Name);
            if (_site.Alone)
            {
                AloneLock.Take(session, _site.Name, _site.Options.AloneTimeout);
                _site.SetAlone(true);
            }

            _site.Load(session);
        }
        catch (Exception trouble)
        {
            session?.Dispose();
            if (PostgreSqlTrouble.Is(trouble))
            {
                throw new LedgerUnavailableException(PostgreSqlTrouble.Sentence(trouble, _site.Connections.At), trouble);
            }

            throw;
        }

        Start(session);
        return true;
    }

    private void Start(PostgreSqlSession session)
    {
        Volatile.Write(ref _started, 1);
        _readers.Start();
        _remedy.Start();
        foreach (var pump in _pumps)
        {
            pump.Start();
        }

        _desk.Start();
        _writer.Start();
        _gateWriter.Start();
        _watch.Start(session);
    }
}
