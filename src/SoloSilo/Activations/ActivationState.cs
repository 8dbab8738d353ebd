namespace Orleans.Solo;

/// <summary>Where an activation is in its life. It only ever moves downwards.</summary>
internal enum ActivationState
{
    /// <summary>Made, and nothing arrived yet.</summary>
    Created,

    /// <summary>Its object is made, its state read and OnActivateAsync run. Requests wait.</summary>
    Activating,

    /// <summary>Requests run.</summary>
    Valid,

    /// <summary>Running requests end, then OnDeactivateAsync runs. New requests wait.</summary>
    Deactivating,

    /// <summary>Gone. Requests go to the next activation.</summary>
    Invalid,
}
