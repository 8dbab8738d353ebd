namespace EmergencyStop.Simulation.Tests.Laws;

/// <summary>The witnesses of one history, by what they look at: there are thousands of things to tell, and most witnesses look at one or two kinds.</summary>
public sealed class Witnesses
{
    private static readonly Dictionary<(Type Witness, string What), bool> Overrides = []; // Of one thread, as histories are.

    /// <summary>Sorts them; each kind is told in the order in which they are named.</summary>
    public Witnesses(params Witness[] all)
    {
        Admitted = Those(all, nameof(Witness.Admitted));
        Drawn = Those(all, nameof(Witness.Drawn));
        Changed = Those(all, nameof(Witness.Changed));
        Came = Those(all, nameof(Witness.Came));
        Settled = Those(all, nameof(Witness.Settled));
        Asked = Those(all, nameof(Witness.Asked));
        Started = Those(all, nameof(Witness.Started));
        HeardLedger = Those(all, nameof(Witness.HeardLedger));
        Recorded = Those(all, nameof(Witness.Recorded));
        Answered = Those(all, nameof(Witness.Answered));
        Logged = Those(all, nameof(Witness.Logged));
        Over = Those(all, nameof(Witness.Over));
    }

    /// <summary>Those of <see cref="Witness.Admitted"/>; the others likewise.</summary>
    public Witness[] Admitted { get; }

    public Witness[] Drawn { get; }

    public Witness[] Changed { get; }

    public Witness[] Came { get; }

    public Witness[] Settled { get; }

    public Witness[] Asked { get; }

    public Witness[] Started { get; }

    public Witness[] HeardLedger { get; }

    public Witness[] Recorded { get; }

    public Witness[] Answered { get; }

    public Witness[] Logged { get; }

    public Witness[] Over { get; }

    private static Witness[] Those(Witness[] all, string what) => Array.FindAll(all, w => LooksAt(w.GetType(), what));

    private static bool LooksAt(Type witness, string what)
    {
        if (!Overrides.TryGetValue((witness, what), out var looks))
        {
            Overrides[(witness, what)] = looks = witness.GetMethod(what)!.DeclaringType != typeof(Witness); // every one of them has it
        }

        return looks;
    }
}
