using EmergencyStop.Grains.Braking;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Orders;
using EmergencyStop.Venues;
using EmergencyStop.Venues.Accounts;

namespace EmergencyStop.Grains.Orders;

/// <summary>What one user's grain shares among its parts: the active orders, and the way of evidence into the ledger.</summary>
/// <remarks>Touched on the grain's scheduler only. An order is here while it is active; its row is in the ledger.</remarks>
internal sealed class UserBook(UserId user, AccountId account, ILedger ledger, IVenue venue, TimeProvider time, OrderOptions options, BrakeLatches brake)
{
    private readonly Dictionary<OrderId, BookEntry> _entries = [];
    private readonly List<OrderEvidence> _unrecorded = [];

    /// <summary>Whose book it is.</summary>
    public UserId User => user;

    /// <summary>The user's account.</summary>
    public AccountId Account => account;

    /// <summary>The truth.</summary>
    public ILedger Ledger => ledger;

    /// <summary>What is said of the account; <c>null</c> when nobody named it.</summary>
    public KnownAccount? Named { get; init; }

    /// <summary>The user's venue.</summary>
    public IVenue Venue => venue;

    /// <summary>The clock.</summary>
    public TimeProvider Time => time;

    /// <summary>The stops that hold in memory only.</summary>
    public BrakeLatches Brake => brake;

    /// <summary>The settings.</summary>
    public OrderOptions Options => options;

    /// <summary>Every active order.</summary>
    public IReadOnlyCollection<BookEntry> Entries => _entries.Values;

    /// <summary>Whether an order may be unclear; set here, cleared by whoever has looked at all of them.</summary>
    public bool MayBeUnclear { get; set; }

    /// <summary>Whether evidence waits for the ledger's return.</summary>
    public bool HasUnrecorded => _unrecorded.Count > 0;

    /// <summary>Orders that may have been admitted, and will never be sent.</summary>
    public Attestations Attested { get; } = new(ledger, time, options.SendWindow * 1.1);

    /// <summary>The entry of an order, if it is active here.</summary>
    public BookEntry? Find(OrderId id) => _entries.GetValueOrDefault(id);

    /// <summary>Puts an order in before its admission, so that a sweep finds its permit.</summary>
    public void Add(BookEntry entry) => _entries[entry.Id] = entry;

    /// <summary>Takes an order out that was not admitted.</summary>
    public void Remove(OrderId id) => _entries.Remove(id);

    /// <summary>Takes over a row: an active one is here afterwards, an ended one is not.</summary>
    public BookEntry? Apply(Order row)
    {
        var entry = Find(row.Id);
        if (!row.State.IsActive())
        {
            if (entry?.Sending is null)
            {
                _entries.Remove(row.Id);
            }

            entry?.Update(row);
            return null;
        }

        if (entry is null)
        {
            _entries[row.Id] = entry = new(row);
        }
        else
        {
            entry.Update(row);
        }

        NoteIfUnclear(entry);
        return entry;
    }

    /// <summary>Starts the clock of an order whose fate nobody here knows.</summary>
    public void NoteIfUnclear(BookEntry entry)
    {
        if (entry.IsUnclear)
        {
            entry.UnclearSince ??= time.GetTimestamp();
            MayBeUnclear = true;
        }
    }

    /// <summary>Reads the user's active orders from the ledger.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        foreach (var row in await ledger.ActiveOrdersAsync(user, cancellationToken))
        {
            // An order that this activation sends is known better here than in a row read before it was sent.
            if (Find(row.Id)?.Sending is null)
            {
                Apply(row);
            }
        }
    }

    /// <summary>Writes evidence to the ledger and takes over the rows; keeps it for later when the ledger is down.</summary>
    /// <returns>The rows after it; empty when it had to be kept.</returns>
    public async Task<IReadOnlyList<Order>> RecordAsync(params OrderEvidence[] evidence)
    {
        if (evidence.Length == 0)
        {
            return [];
        }

        try
        {
            var rows = await ledger.RecordAsync([.. evidence], CancellationToken.None);
            foreach (var row in rows)
            {
                Apply(row);
            }

            await TakeReplacedAsync(rows);
            return rows;
        }
        catch (LedgerUnavailableException)
        {
            _unrecorded.AddRange(evidence);
            return [];
        }
    }

    /// <summary>Takes over the orders whose replacements the venue has shown: the ledger has ended them.</summary>
    public async Task TakeReplacedAsync(IEnumerable<Order> rows)
    {
        foreach (var row in rows)
        {
            if (row is { Replaces: { } old, VenueOrderId: not null } && Find(old) is not null
                && await ledger.FindOrderAsync(old, CancellationToken.None) is { } before)
            {
                Apply(before);
            }
        }
    }

    /// <summary>What the venue's answer about an order proves. An answer that was followed to an order of ours is about that one; it proves of the one asked only that it was replaced.</summary>
    public async ValueTask<OrderEvidence> ProveAsync(OrderId asked, VenueOrderReport report)
    {
        var now = time.GetUtcNow();
        return !string.Equals(report.ClientOrderId, asked.Value, StringComparison.Ordinal)
            && OrderId.TryParse(report.ClientOrderId, out var shown, out _)
            && (Find(shown) is not null || await ledger.FindOrderAsync(shown, CancellationToken.None) is { } row && row.Account == account)
            ? new(asked, OrderState.Replaced, now, Reason: $"replaced by {shown}")
            : Evidence.Of(asked, report, now);
    }

    /// <summary>Tries again what the ledger could not take.</summary>
    public async Task RecordLeftoversAsync()
    {
        var waiting = _unrecorded.ToArray();
        _unrecorded.Clear();
        await RecordAsync(waiting);
        foreach (var row in await Attested.HandOverAsync())
        {
            Apply(row);
        }
    }
}
