using System.Collections.Immutable;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Gate;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Ledger;

/// <summary>A model of what a ledger holds: in memory, for one thread, one method a transaction.</summary>
/// <param name="keepsWords">
/// Whether it keeps all that is only read by people and other programs: hashes and details of the audit, the events of outcomes
/// and gates. Histories do without; the comparison with the real ledgers does not.
/// </param>
/// <remarks>A transaction that throws has changed nothing: what it refuses, it refuses before the first change.</remarks>
public sealed partial class ModelStore(bool keepsWords = true)
{
    private readonly List<DrawnNumber> _numbers = [];
    private readonly List<ChainedAuditEntry> _audit = [];
    private GateView _view = new(0, [], []);
    private long _mirroredAt;

    /// <summary>The mistakes that it makes.</summary>
    public LedgerBug Planted { get; set; }

    /// <summary>The last number drawn.</summary>
    public long Number => _numbers.Count;

    /// <summary>Grows with every commit.</summary>
    public long Version { get; private set; }

    /// <summary>The gate as it is.</summary>
    public GateView View => _view;

    /// <summary>For what each number was drawn, in order: the first is number 1.</summary>
    public IReadOnlyList<DrawnNumber> Numbers => _numbers;

    /// <summary>The audit, oldest entry first.</summary>
    public IReadOnlyList<ChainedAuditEntry> Audit => _audit;

    /// <summary>Every latch held, by number.</summary>
    public ImmutableArray<Latch> Latches => _view.Latches;

    /// <summary>A process opens it.</summary>
    public void Open()
    {
        if (Has(LedgerBug.LatchesLostAtStart))
        {
            _view = new(Number, [], _view.Pauses);
        }
    }

    /// <summary>Runs one transaction, of one of the methods below, and says how the gate is after it.</summary>
    public Answered<T> Commit<T>(Func<T> work)
    {
        try
        {
            var answer = work();
            _view = _view.AsOf(Number);
            return new(answer, ++Version, _view);
        }
        finally
        {
            SealChanges();
            SealEvents();
        }
    }

    /// <summary>Reads, and says how the gate is.</summary>
    public Answered<T> Read<T>(Func<T> read) => new(read(), Version, _view);

    /// <summary>Appends an entry of its own.</summary>
    public bool AppendAudit(AuditEntry entry)
    {
        var stored = entry with { At = Values.Stored(entry.At) };
        var head = _audit.Count > 0 ? _audit[^1].Hash : AuditChain.Beginning;
        _audit.Add(keepsWords ? AuditChain.Append(_audit.Count, head, stored) : new(_audit.Count + 1, stored, string.Empty, string.Empty));
        if (entry.Action is "key.created" or "key.revoked" or "strategy.registered")
        {
            _mirroredAt = _audit.Count;
        }

        return true;
    }

    /// <summary>Checks the chain; without hashes there is nothing to check but the sequence.</summary>
    public AuditVerdict VerifyAudit() => keepsWords
        ? AuditChain.Verify(_audit, _audit.Count, _audit.Count > 0 ? _audit[^1].Hash : AuditChain.Beginning)
        : new(_audit.Count, null, null);

    private bool Has(LedgerBug bug) => (Planted & bug) != LedgerBug.None;

    private long Draw(NumberKind kind, string subject, string? part = null)
    {
        _numbers.Add(new(Number + 1, kind, subject, part));
        return Number;
    }
}
