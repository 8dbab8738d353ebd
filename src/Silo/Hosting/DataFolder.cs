using System.Globalization;
using EmergencyStop.Ledger;

namespace EmergencyStop.Silo.Hosting;

/// <summary>The data folder, held by one running service at a time; commands work beside it and do not hold it.</summary>
/// <remarks>
/// The operating system keeps the lock and drops it with the process, however that ends; nothing has to be cleaned up.
/// Two services on one ledger would admit no order through a closed gate, but each would take the other's orders for lost.
/// </remarks>
internal sealed class DataFolder : IDisposable
{
    // "Somebody else holds it": EAGAIN of Linux, EAGAIN of macOS, ERROR_SHARING_VIOLATION of Windows.
    private static readonly int[] Held = [11, 35, 32];

    private readonly FileStream _lock;

    private DataFolder(FileStream held) => _lock = held;

    /// <summary>Makes the folder if it is missing, and holds it.</summary>
    /// <exception cref="LedgerUnavailableException">It cannot be used, or another service holds it; nothing in it was changed.</exception>
    public static DataFolder Hold(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            var held = new FileStream(Path.Combine(path, "service.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(PidFile(path), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new(held);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new LedgerUnavailableException(Sentence(trouble, path), trouble);
        }
    }

    /// <summary>Lets go of the folder; its lock file stays, as removing it could let two services in.</summary>
    public void Dispose() => _lock.Dispose();

    /// <summary>What to tell when the folder cannot be held.</summary>
    internal static string Sentence(Exception trouble, string path) => trouble switch
    {
        IOException when Held.Contains(trouble.HResult & 0xffff) && trouble.GetType() == typeof(IOException) =>
            $"Another service{Holder(path)} runs on the data folder {path}: stop that one, or name another folder with --data.",
        IOException when IsFull(path) => $"The disk of the data folder {path} is full: make room on it.",
        _ => $"The data folder {path} cannot be made or written: give this process write access, or name another folder with --data.",
    };

    private static string Holder(string path)
    {
        try
        {
            return int.TryParse(File.ReadAllText(PidFile(path)), CultureInfo.InvariantCulture, out var pid) ? $" (process {pid})" : string.Empty;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return string.Empty; // The number is a courtesy.
        }
    }

    private static bool IsFull(string path)
    {
        try
        {
            return Directory.Exists(path) && new DriveInfo(Path.GetFullPath(path)) is { IsReady: true, AvailableFreeSpace: 0 };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }

    private static string PidFile(string path) => Path.Combine(path, "service.pid");
}
