using EmergencyStop.Ledger;

namespace EmergencyStop.Silo.Hosting;

/// <summary>Which ledger a service has seen, in a file beside its number: a restored server, or another one, is not the ledger that keeps what was acknowledged.</summary>
internal sealed class LedgerSeen(string path)
{
    /// <summary>The ledger's file in the same folder.</summary>
    public const string File = "sqlite";

    /// <summary>Whether another one was seen before.</summary>
    public bool IsAnother(string identity)
    {
        try
        {
            return System.IO.File.Exists(path) && !string.Equals(System.IO.File.ReadAllText(path).Trim(), identity, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(e);
        }
    }

    /// <summary>Notes it, on the disk when it returns; after SYSTEM was latched where it is another.</summary>
    public void Write(string identity)
    {
        if (System.IO.File.Exists(path) && !IsAnother(identity))
        {
            return;
        }

        try
        {
            var beside = path + ".new";
            using (var file = new FileStream(beside, FileMode.Create, FileAccess.Write))
            {
                file.Write(System.Text.Encoding.ASCII.GetBytes(identity + "\n"));
                file.Flush(flushToDisk: true);
            }

            System.IO.File.Move(beside, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(e);
        }
    }

    private LedgerUnavailableException Unusable(Exception e) => new($"{path} cannot be used: give this process write access to it.", e);
}
