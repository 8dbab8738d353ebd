using EmergencyStop.Ledger.Gate;
using EmergencyStop.Ledger.Rows;

namespace EmergencyStop.Ledger.PostgreSql;

/// <summary>This process's latest view of the gate, with the version of the latches and pauses that it shows.</summary>
internal sealed class GateKeeper
{
    private readonly Lock _lock = new();
    private GateView _view = GateView.Unread;
    private long _version = -1;
    private long _newest = -1;
    private long _highest;
    private int _restarts;

    /// <summary>The gate as of the last answer; unread while nobody can say.</summary>
    public GateView View => Volatile.Read(ref _view);

    /// <summary>The highest number that was ever seen here, and how often another ledger has begun to answer since the start.</summary>
    public (long Number, int Restarts) Highest
    {
        get
        {
            lock (_lock)
            {
                return (_highest, _restarts);
            }
        }
    }

    /// <summary>The view of this version, if it is the one at hand.</summary>
    public GateView? Of(long version)
    {
        lock (_lock)
        {
            return version == _version ? _view : null;
        }
    }

    /// <summary>Shows this view from now on, unless a newer one is shown already.</summary>
    public void Show(long version, GateView view)
    {
        lock (_lock)
        {
            _highest = Math.Max(_highest, view.Number);
            if (version < _newest || (version == _version && view.Number <= _view.Number))
            {
                return;
            }

            (_version, _newest) = (version, version);
            Volatile.Write(ref _view, view);
        }
    }

    /// <summary>Shows the view at hand as of a later number, if its version is still the newest.</summary>
    /// <returns>False when latches or pauses have changed: the gate must be read.</returns>
    public bool Advance(long version, long number)
    {
        lock (_lock)
        {
            if (version != _version)
            {
                return version < _version;
            }

            if (number > _view.Number)
            {
                _highest = Math.Max(_highest, number);
                Volatile.Write(ref _view, _view.AsOf(number));
            }

            return true;
        }
    }

    /// <summary>Nobody can say how the gate is: until it is read again nothing is shown.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _version = -1;
            Volatile.Write(ref _view, GateView.Unread);
        }
    }

    /// <summary>Another ledger answers: what was seen of the one before does not count.</summary>
    public void Restart()
    {
        lock (_lock)
        {
            (_version, _newest, _highest) = (-1, -1, 0);
            _restarts++;
            Volatile.Write(ref _view, GateView.Unread);
        }
    }

    /// <summary>Reads the gate in a snapshot of its own, and shows it.</summary>
    public GateView Read(PostgreSqlSession session)
    {
        var (version, view) = session.Snapshot(static s =>
        {
            var state = GateRows.Read(s);
            return (state.Version, GateRows.View(s, state.Number));
        });
        Show(version, view);
        return view;
    }
}
