using EmergencyStop.Ledger.Rows;
using Microsoft.Data.Sqlite;

namespace EmergencyStop.Ledger.Sqlite;

/// <summary>Moves the write-ahead log into the file, on a thread of its own: a stop never waits for it.</summary>
/// <remarks>
/// Checkpoints are passive. Under steady load they never reach the log's end, and it would grow for ever; so when it is
/// long the writer is asked to hold everything but urgent work for the moment that the last piece takes.
/// </remarks>
internal sealed class LedgerCheckpoints(SqliteLedgerOptions options, LedgerQueue queue)
{
    /// <summary>Pages written before a checkpoint is due.</summary>
    private const int DuePages = 4_000;

    /// <summary>Pages in the log from which on the writer is held.</summary>
    private const int LongLog = 32_000;

    /// <summary>Most passes while the writer is held.</summary>
    private const int MostPasses = 4;

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);
    private readonly Signal _due = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _written;
    private int _asked;
    private bool _started;
    private bool _holds;
    private bool _closed;

    /// <summary>Whether the writer should run urgent work only.</summary>
    public bool HoldsWriter => Volatile.Read(ref _holds);

    /// <summary>Done once the thread has ended; at once when it never began.</summary>
    public Task Ended => Volatile.Read(ref _started) ? _ended.Task : Task.CompletedTask;

    public void Start()
    {
        Volatile.Write(ref _started, true);
        new Thread(Work) { IsBackground = true, Name = "ledger checkpoints" }.Start();
    }

    public void Close()
    {
        Volatile.Write(ref _closed, true);
        _due.Set();
    }

    /// <summary>The writer has committed.</summary>
    /// <param name="pagesWritten">Pages it has written since it was opened.</param>
    public void Committed(int pagesWritten)
    {
        Volatile.Write(ref _written, pagesWritten);
        if (unchecked(pagesWritten - _asked) > DuePages)
        {
            _asked = pagesWritten;
            _due.Set();
        }
    }

    private void Work()
    {
        try
        {
            SqliteSession? session = null;
            var done = 0;
            while (!Volatile.Read(ref _closed))
            {
                _due.Wait(Idle);
                var written = Volatile.Read(ref _written);
                if (written != done && TryCheckpoint(ref session))
                {
                    done = written;
                }
            }

            session?.Dispose();
        }
        finally
        {
            _ended.TrySetResult();
        }
    }

    /// <summary>On a full disk or the like the log grows, nothing is lost, and it is tried again in a while.</summary>
    private bool TryCheckpoint(ref SqliteSession? session)
    {
        try
        {
            session ??= SqliteSession.Open(options, readOnly: false);
            Checkpoint(session);
            return true;
        }
        catch (SqliteException)
        {
            session?.Dispose(); // The writer meets the same trouble, and tells of it.
            session = null;
            return false;
        }
        finally
        {
            Release();
        }
    }

    private void Checkpoint(SqliteSession session)
    {
        if (Pass(session) < LongLog)
        {
            return;
        }

        Volatile.Write(ref _holds, true);
        for (var pass = 0; pass < MostPasses; pass++)
        {
            var written = Volatile.Read(ref _written);
            Pass(session);
            if (written == Volatile.Read(ref _written))
            {
                break; // Nothing was written meanwhile, so the whole log is in the file, and the next commit begins it afresh.
            }
        }
    }

    /// <summary>One passive checkpoint.</summary>
    /// <returns>The pages of the log.</returns>
    private static long Pass(SqliteSession session)
    {
        try
        {
            return session.Sql("PRAGMA wal_checkpoint(PASSIVE)").First(static r =>
            {
                _ = r.Int();
                return r.Long();
            });
        }
        catch (SqliteException busy) when (SqliteTrouble.IsBusy(busy))
        {
            return 0; // Another process is at it.
        }
    }

    private void Release()
    {
        if (HoldsWriter)
        {
            Volatile.Write(ref _holds, false);
            queue.Wake();
        }
    }
}
