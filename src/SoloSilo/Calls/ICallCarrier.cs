namespace Orleans.Solo;

/// <summary>Carries calls to activations, and answers to callers, some other way than through memory at once.</summary>
internal interface ICallCarrier
{
    /// <summary>Takes a call that was just sent. It may arrive later, elsewhere, or never.</summary>
    void Carry(GrainCall call);

    /// <summary>Takes the answer to a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="from">The activation that has answered.</param>
    /// <param name="arrive">Ends the caller's wait; to be called at most once, or never.</param>
    void CarryBack(GrainCall call, Activation from, Action arrive);
}
