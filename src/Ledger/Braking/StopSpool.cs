using System.Collections.Immutable;
using EmergencyStop.Ids;
using Microsoft.Win32.SafeHandles;

namespace EmergencyStop.Ledger.Braking;

/// <summary>Stops that could not be recorded, in a file whose room was taken when it was made: writing one needs no free disk.</summary>
/// <remarks>
/// A record is on the disk when <see cref="TryWrite"/> returns. One writer at a time; the data folder belongs to one service.
/// A record that was torn by a crash was never answered, and is never read as a stop.
/// </remarks>
public sealed class StopSpool : IDisposable
{
    /// <summary>Records unless told otherwise: one a trader, for a thousand traders who all press in one outage.</summary>
    public const int UsualRecords = 1024;

    private readonly Lock _turn = new();
    private readonly SafeFileHandle _file;
    private readonly Dictionary<int, SpooledStop> _held = [];
    private readonly HashSet<int> _torn = [];
    private readonly int _records;

    private StopSpool(SafeFileHandle file, string path, int records) => (_file, Path, _records) = (file, path, records);

    /// <summary>Where it lies.</summary>
    public string Path { get; }

    /// <summary>How many records were found torn when it was opened. They are used again only when no other is free.</summary>
    public int Torn => _torn.Count;

    /// <summary>Whether it holds nothing.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_turn)
            {
                return _held.Count == 0;
            }
        }
    }

    /// <summary>Opens the file, and takes its room if it is new.</summary>
    /// <param name="path">The file.</param>
    /// <param name="records">How many stops it holds at once.</param>
    /// <exception cref="LedgerUnavailableException">It cannot be made or written; the message says what to do.</exception>
    public static StopSpool Open(string path, int records = UsualRecords)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(records);
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            var spool = new StopSpool(file, path, records);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite); // Names and reasons are nobody else's.
            }

            spool.TakeRoom();
            spool.ReadAll();
            return spool;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw new LedgerUnavailableException(
                $"The spool {path} cannot be made or written, and without it a stop would be lost with the ledger: give this process write access and {records * SpoolRecord.Size / 1024} KiB of room.", e);
        }
    }

    /// <summary>What a file holds, for somebody who does not run on it; nothing when there is none, or it cannot be read.</summary>
    public static ImmutableArray<SpooledStop> Peek(string path)
    {
        try
        {
            using var file = File.OpenHandle(path);
            var records = (int)(RandomAccess.GetLength(file) / SpoolRecord.Size);
            using var spool = new StopSpool(file, path, records);
            spool.ReadAll();
            return spool.Read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>What it holds, oldest press first.</summary>
    public ImmutableArray<SpooledStop> Read()
    {
        lock (_turn)
        {
            return [.. _held.Values.OrderBy(s => s.Request.RequestedAt)];
        }
    }

    /// <summary>Writes a stop; it is on the disk when this returns.</summary>
    /// <returns>False when every record is taken.</returns>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public bool TryWrite(SpooledStop stop)
    {
        ArgumentNullException.ThrowIfNull(stop);
        lock (_turn)
        {
            var slot = Free();
            if (slot is not { } free)
            {
                return false;
            }

            Put(free, SpoolRecord.Of(stop, free));
            _held[free] = stop;
            _torn.Remove(free);
            return true;
        }
    }

    /// <summary>Takes a stop out that the ledger has committed. Harmless when it is not there.</summary>
    /// <exception cref="IOException">The disk does not take it; the record stays.</exception>
    public void Clear(StopId stop)
    {
        lock (_turn)
        {
            foreach (var slot in _held.Where(h => h.Value.Id == stop).Select(h => h.Key).ToArray())
            {
                Put(slot, new byte[SpoolRecord.Size]);
                _held.Remove(slot);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private int? Free()
    {
        for (var slot = 0; slot < _records; slot++)
        {
            if (!_held.ContainsKey(slot) && !_torn.Contains(slot))
            {
                return slot;
            }
        }

        return _torn.Count > 0 ? _torn.First() : null;
    }

    private void Put(int slot, byte[] bytes)
    {
        RandomAccess.Write(_file, bytes, (long)slot * SpoolRecord.Size);
        RandomAccess.FlushToDisk(_file);
    }

    /// <summary>Zeros are written, not only promised: a sparse file would need room when a stop is written.</summary>
    private void TakeRoom()
    {
        var at = RandomAccess.GetLength(_file);
        var end = (long)_records * SpoolRecord.Size;
        if (at >= end)
        {
            return;
        }

        RandomAccess.Write(_file, new byte[end - at], at);
        RandomAccess.FlushToDisk(_file);
    }

    private void ReadAll()
    {
        var bytes = new byte[SpoolRecord.Size];
        for (var slot = 0; slot < _records; slot++)
        {
            _ = RandomAccess.Read(_file, bytes, (long)slot * SpoolRecord.Size);
            if (SpoolRecord.TryRead(bytes, slot, out var stop))
            {
                _held[slot] = stop;
            }
            else if (!SpoolRecord.IsEmpty(bytes))
            {
                _torn.Add(slot);
            }
        }
    }
}
