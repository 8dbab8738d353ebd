using EmergencyStop.Ids;
using EmergencyStop.Orders;

namespace EmergencyStop.Grains.Orders;

/// <summary>What a user's grain keeps of an active order: the row itself is in the ledger.</summary>
internal sealed class BookEntry
{
    /// <summary>For an order read from the ledger.</summary>
    public BookEntry(Order row)
        : this(row.Id, row.Terms, row.Account, row.Replaces)
    {
        Update(row);
    }

    /// <summary>For an order about to be admitted.</summary>
    public BookEntry(OrderId id, OrderTerms terms, AccountId account, OrderId? replaces = null)
    {
        (Id, Account, State, Replaces) = (id, account, OrderState.InFlight, replaces);
        SymbolText = string.Intern(terms.Symbol.Value);
        SignedQuantity = terms.SignedQuantity;
    }

    /// <summary>The order.</summary>
    public OrderId Id { get; }

    /// <summary>Its account.</summary>
    public AccountId Account { get; }

    /// <summary>The order in whose place it is put.</summary>
    public OrderId? Replaces { get; }

    /// <summary>Its symbol, interned.</summary>
    public string SymbolText { get; }

    /// <summary>Whole quantity, signed.</summary>
    public decimal SignedQuantity { get; }

    /// <summary>How much has traded.</summary>
    public decimal Filled { get; private set; }

    /// <summary>What the ledger knows.</summary>
    public OrderState State { get; private set; }

    /// <summary>The venue's id.</summary>
    public string? VenueOrderId { get; private set; }

    /// <summary>While this activation sends it; gone once the outcome is recorded.</summary>
    public Sending? Sending { get; set; }

    /// <summary>Since when, by this activation's clock, its fate is unclear; <c>null</c> while it is clear.</summary>
    public long? UnclearSince { get; set; }

    /// <summary>Whether nobody in this process knows what became of it.</summary>
    public bool IsUnclear => Sending is null && State is OrderState.InFlight or OrderState.Unknown;

    /// <summary>What may still trade, signed.</summary>
    public decimal SignedRemaining => SignedQuantity > 0 ? SignedQuantity - Filled : SignedQuantity + Filled;

    /// <summary>Takes over what the ledger has recorded.</summary>
    public void Update(Order row)
    {
        State = row.State;
        Filled = row.FilledQuantity;
        VenueOrderId = row.VenueOrderId;
        if (!IsUnclear)
        {
            UnclearSince = null;
        }
    }
}

/// <summary>One order being sent by this activation.</summary>
/// <param name="Permit">The right to write it.</param>
/// <param name="Done">Ends when the outcome is recorded.</param>
internal sealed record Sending(SendPermit Permit, TaskCompletionSource Done);
