using System.Globalization;
using System.Text;
using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Stopping;

namespace EmergencyStop.Silo.Hosting;

/// <summary>The highest number of the ledger that a service has seen, in a file beside it: a ledger that is behind it has lost something.</summary>
/// <remarks>
/// The file holds the number twice in one write of 42 bytes, in place: it needs no room on a full disk. It is written at most
/// once a second, after the ledger's own commit, so it is never ahead of the ledger and at most a second behind.
/// </remarks>
internal sealed class NumberSeen : IDisposable
{
    private const int Digits = 20;

    private readonly FileStream _file;

    /// <summary>Opens the file, and makes it if it is missing.</summary>
    public NumberSeen(string path)
    {
        try
        {
            _file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LedgerUnavailableException($"{path} cannot be opened: give this process write access to it.", e);
        }
    }

    /// <summary>The number seen; <c>null</c> when nothing was noted yet.</summary>
    /// <remarks>What cannot be read counts as the highest number there is: nobody can say then that nothing was lost.</remarks>
    public long? Read()
    {
        var bytes = new byte[(2 * Digits) + 2];
        _file.Position = 0;
        var length = _file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length == 0)
        {
            return null;
        }

        var parts = Encoding.ASCII.GetString(bytes, 0, length).Split(' ', '\n');
        return parts.Length >= 2 && parts[0] == parts[1] && long.TryParse(parts[0], CultureInfo.InvariantCulture, out var number)
            ? number
            : long.MaxValue;
    }

    /// <summary>Notes a number; on the disk when it returns.</summary>
    public void Write(long number)
    {
        var text = number.ToString($"D{Digits}", CultureInfo.InvariantCulture);
        _file.Position = 0;
        _file.Write(Encoding.ASCII.GetBytes($"{text} {text}\n"));
        _file.Flush(flushToDisk: true);
    }

    /// <summary>Engages a SYSTEM stop when the ledger is behind what was seen, or another; called before anything is admitted.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="isAnother">Whether it is not the one that was seen: restored from a backup, or another altogether.</param>
    /// <param name="ids">Makes the stop's id.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    /// <returns>The stop and the number seen, or <c>null</c> when nothing is missing.</returns>
    public async Task<(Stop Stop, long Seen)?> GuardAsync(ILedger ledger, bool isAnother, IIdSource ids, TimeProvider time, CancellationToken cancellationToken)
    {
        if (Read() is not { } seen || (seen <= ledger.Gate.Number && !isAnother))
        {
            return null;
        }

        var request = new EmergencyStopRequest(
            StopTarget.System, new(), EmergencyStopReason.SystemError, "ledger rollback", new Caller("service", "service", Role.Admin, null), time.GetUtcNow());
        var stop = await ledger.EngageAsync(ids.NewStopId(), request, cancellationToken) switch
        {
            EngageAnswer.Engaged engaged => engaged.Stop,
            EngageAnswer.Repeated repeated => repeated.Stop, // The last start got as far as this, seconds ago.
            var other => throw new InvalidOperationException($"Engage answer {other.GetType().Name} is not expected."),
        };
        Write(stop.Number); // From here on the latch, not this file, keeps the gate closed.
        return (stop, seen);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
