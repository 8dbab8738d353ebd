using EmergencyStop.Ledger.Risk;
using EmergencyStop.Risk;

namespace EmergencyStop.Grains.Risk;

/// <summary>One switch as this process knows it: when it was last heard of by this process's own clock, here or through the ledger.</summary>
internal sealed class HeartbeatEntry(Heartbeat row, long heardAt)
{
    /// <summary>What is left at least after a standstill; less than the pulse calls steady, so that a process that is always late still fires.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(250);

    private readonly Lock _turn = new();
    private Heartbeat _row = row;
    private long _heardAt = heardAt;
    private long _pending;
    private bool _local;

    /// <summary>Its row as it was last known.</summary>
    public Heartbeat Row
    {
        get
        {
            lock (_turn)
            {
                return _row;
            }
        }
    }

    /// <summary>Whether its beats come through this process, which can judge it without the ledger then.</summary>
    public bool IsLocal
    {
        get
        {
            lock (_turn)
            {
                return _local;
            }
        }
    }

    /// <summary>The arming whose stop was engaged while the ledger could not say so.</summary>
    public long? StoppedWithoutLedger { get; set; }

    /// <summary>Takes a beat, if the switch is armed with these very terms.</summary>
    public bool TryBeat(HeartbeatTerms terms, long now)
    {
        lock (_turn)
        {
            if (_row.State != HeartbeatState.Armed || _row.Terms != terms)
            {
                return false;
            }

            _pending++;
            (_heardAt, _local) = (now, true);
            return true;
        }
    }

    /// <summary>Takes the ledger's row. Beats that others have written, and an arming, are heard now.</summary>
    public void Take(Heartbeat row, long now)
    {
        lock (_turn)
        {
            if (row.Arming < _row.Arming || (row.Arming == _row.Arming && row.Beats < _row.Beats))
            {
                return; // Read before what is known already.
            }

            if (row.Arming > _row.Arming || row.Beats > _row.Beats)
            {
                _local = row.Arming == _row.Arming && _pending > 0;
                _heardAt = now;
            }

            _row = row;
        }
    }

    /// <summary>Heard now, by an answer of the ledger to a beat of this process.</summary>
    public void Armed(Heartbeat row, long now)
    {
        Take(row, now);
        lock (_turn)
        {
            (_heardAt, _local) = (now, true);
        }
    }

    /// <summary>The beats that are to be written; <c>null</c> for none.</summary>
    public HeartbeatBeats? Pending()
    {
        lock (_turn)
        {
            return _pending == 0 ? null : new(_row.Name, _row.Arming, _pending);
        }
    }

    /// <summary>These beats are written.</summary>
    public void Written(HeartbeatBeats beats)
    {
        lock (_turn)
        {
            _pending -= beats.Beats;
            _row = _row.Arming == beats.Arming ? _row with { Beats = _row.Beats + beats.Beats } : _row;
        }
    }

    /// <summary>How long nothing was heard; <c>null</c> while it is not armed.</summary>
    public TimeSpan? Silence(TimeProvider time)
    {
        lock (_turn)
        {
            return _row.State == HeartbeatState.Armed ? time.GetElapsedTime(_heardAt) : null;
        }
    }

    /// <summary>Time in which this process stood still is no silence, and whoever wanted to beat meanwhile is heard first.</summary>
    public void Forgive(TimeSpan gap, TimeProvider time)
    {
        lock (_turn)
        {
            var now = time.GetTimestamp();
            _heardAt = Math.Max(Math.Min(now, _heardAt + Ticks(gap)), now - Ticks(_row.Terms.Timeout) + Ticks(Rest));
        }

        long Ticks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);
    }
}
