using EmergencyStop.Ledger;
using EmergencyStop.Simulation.Tests.Ledger;

namespace EmergencyStop.Simulation.Tests.Agreement;

/// <summary>The model, whose fate is to be carried out and answered at once.</summary>
internal sealed class ModelSide : LedgerSide
{
    /// <summary>As SQLite cuts, so that both are cut at the same places.</summary>
    private const int Cut = 256;

    private readonly ModelStore _store = new();
    private readonly TimeProvider _time;
    private ModelLedger _ledger;

    private ModelSide(TimeProvider time, LedgerBug planted)
    {
        _time = time;
        _store.Planted = planted;
        _ledger = new(_store, new AtOnce(), time, cut: Cut);
    }

    public override string Name => "model";

    public override ILedger Ledger => _ledger;

    public static async Task<LedgerSide> OpenAsync(TimeProvider time, LedgerBug planted)
    {
        var side = new ModelSide(time, planted);
        await side.ReopenAsync();
        return side;
    }

    public override async Task ReopenAsync()
    {
        _ledger = new(_store, new AtOnce(), _time, startsBlind: true, Cut);
        _ = await _ledger.CountsAsync(CancellationToken.None); // SQLite reads the gate before it is open.
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class AtOnce : ILedgerFate
    {
        public void Read(LedgerCall call)
        {
            call.CarryOut();
            call.Answer();
        }

        public void Commit(LedgerCall call) => Read(call);
    }
}
