namespace Orleans.Solo;

/// <summary>The calls whose callers wait, so that a wait can end without the callee.</summary>
/// <remarks>Linked through the calls themselves, in one list a processor, as every call comes through here.</remarks>
internal sealed class PendingCalls
{
    private readonly Shard[] _shards = [.. Enumerable.Range(0, Math.Max(1, Environment.ProcessorCount)).Select(_ => new Shard())];

    /// <summary>How many callers wait.</summary>
    public int Count => _shards.Sum(shard => Volatile.Read(ref shard.Count));

    public void Add(GrainCall call)
    {
        var index = Environment.CurrentManagedThreadId % _shards.Length;
        var shard = _shards[index];
        lock (shard.Gate)
        {
            call.PendingIn = index;
            call.Next = shard.First;
            if (shard.First is { } first)
            {
                first.Previous = call;
            }

            shard.First = call;
            shard.Count++;
        }
    }

    public void Remove(GrainCall call)
    {
        if (call.PendingIn < 0)
        {
            return;
        }

        var shard = _shards[call.PendingIn];
        lock (shard.Gate)
        {
            if (call.PendingIn < 0)
            {
                return;
            }

            call.PendingIn = -1;
            Unlink(shard, call);
        }
    }

    /// <summary>The calls that <paramref name="chosen"/> holds for, oldest first within a list.</summary>
    public IReadOnlyList<GrainCall> Where(Func<GrainCall, bool> chosen)
    {
        var found = new List<GrainCall>();
        foreach (var shard in _shards)
        {
            var start = found.Count;
            lock (shard.Gate)
            {
                for (var call = shard.First; call is not null; call = call.Next)
                {
                    if (chosen(call))
                    {
                        found.Add(call);
                    }
                }
            }

            found.Reverse(start, found.Count - start);
        }

        return found;
    }

    private static void Unlink(Shard shard, GrainCall call)
    {
        if (call.Previous is { } previous)
        {
            previous.Next = call.Next;
        }
        else
        {
            shard.First = call.Next;
        }

        if (call.Next is { } next)
        {
            next.Previous = call.Previous;
        }

        call.Previous = call.Next = null;
        shard.Count--;
    }

    private sealed class Shard
    {
        public readonly Lock Gate = new();
        public GrainCall? First;
        public int Count;
    }
}
