using EmergencyStop.Ids;

namespace EmergencyStop.Simulation.Tests.Venues;

/// <summary>What goes wrong at the venue and on the way to it, each with its own rate; all combine. Nothing goes wrong by default.</summary>
public sealed class VenueFaults
{
    private static readonly int Kinds = Enum.GetValues<VenueFault>().Length;
    private readonly double[] _rates = new double[Kinds];
    private readonly long[] _struck = new long[Kinds];
    private readonly Dictionary<AccountId, TimeSpan> _accountsDownUntil = [];
    private TimeSpan _downUntil;
    private TimeSpan _closedUntil;

    /// <summary>Told when everything is healed.</summary>
    internal Action? Healed { get; set; }

    /// <summary>The longest that a slow request, answer, notice or cancel takes.</summary>
    public TimeSpan SlowUpTo { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>The shortest that a slow request, answer or notice takes.</summary>
    public TimeSpan SlowFrom { get; set; } = TimeSpan.FromMilliseconds(5);

    /// <summary>The least share of the visibility bound for which an order that is shown late is not found.</summary>
    public double HiddenFrom { get; set; }

    /// <summary>The longest wait for the adapter's own rate limit.</summary>
    public TimeSpan RateLimitWaitUpTo { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>The longest from the end of a window to the arrival of a late write.</summary>
    public TimeSpan LateWriteUpTo { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The send window that the callers keep; a late write arrives after it.</summary>
    public TimeSpan SendWindow { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often a fault strikes where it can.</summary>
    /// <value>0 to 1.</value>
    public double this[VenueFault fault]
    {
        get => _rates[(int)fault];
        set => _rates[(int)fault] = value;
    }

    /// <summary>How often a fault has struck.</summary>
    public long Struck(VenueFault fault) => _struck[(int)fault];

    /// <summary>Sets every rate that is drawn.</summary>
    public void SetAll(double rate)
    {
        Array.Fill(_rates, rate);
        (this[VenueFault.Down], this[VenueFault.MarketClosed]) = (0, 0);
    }

    /// <summary>The venue, or one account of it, cannot be reached until then; what is under way is lost, or stays without its answer.</summary>
    public void Down(TimeSpan until, AccountId? account = null)
    {
        if (account is { } one)
        {
            _accountsDownUntil[one] = until;
        }
        else
        {
            _downUntil = until;
        }
    }

    /// <summary>Closes the market until then: what is no pair of currencies neither trades nor is cancelled.</summary>
    public void CloseMarket(TimeSpan until) => _closedUntil = until;

    /// <summary>Until when an account cannot be reached; a time past if it can.</summary>
    public TimeSpan DownUntil(AccountId account) =>
        _accountsDownUntil.Count > 0 && _accountsDownUntil.TryGetValue(account, out var until) && until > _downUntil ? until : _downUntil;

    /// <summary>Until when the market is closed; a time past if it is open.</summary>
    public TimeSpan ClosedUntil => _closedUntil;

    /// <summary>Sets every rate to 0 and opens everything: from now on the venue answers promptly and right.</summary>
    public void Heal()
    {
        Array.Clear(_rates);
        _accountsDownUntil.Clear();
        (_downUntil, _closedUntil) = (TimeSpan.Zero, TimeSpan.Zero);
        Healed?.Invoke();
    }

    internal void Count(VenueFault fault) => _struck[(int)fault]++;
}
