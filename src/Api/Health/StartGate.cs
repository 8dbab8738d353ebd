namespace EmergencyStop.Api.Health;

/// <summary>Closed from the start of the process until its host has read the latches (law 3). It opens once and stays open.</summary>
public sealed class StartGate
{
    private volatile bool _open;

    /// <summary>Whether requests are let in.</summary>
    public bool IsOpen => _open;

    /// <summary>Lets requests in; called by the host once the latches are read and the grains run.</summary>
    public void Open() => _open = true;
}
