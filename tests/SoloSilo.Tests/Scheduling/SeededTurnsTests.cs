using EmergencyStop.SoloSilo.Tests.Grains;
using EmergencyStop.SoloSilo.Tests.Hosting;

namespace EmergencyStop.SoloSilo.Tests.Scheduling;

public sealed class SeededTurnsTests
{
    [Fact]
    public async Task OneSeed_ReplaysOneHistory()
    {
        var first = await HistoryAsync(seed: 1);

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(first, await HistoryAsync(seed: 1));
        }
    }

    [Fact]
    public async Task Seeds_InterleaveDifferently()
    {
        var meetings = new HashSet<string>(StringComparer.Ordinal);
        for (var seed = 0; seed < 20; seed++)
        {
            meetings.Add((await HistoryAsync(seed)).Split('|')[0]);
        }

        Assert.True(meetings.Count > 10, $"20 seeds made only {meetings.Count} interleavings.");
    }

    /// <summary>What the walkers noted where they met, and the order of all turns.</summary>
    private static async Task<string> HistoryAsync(int seed)
    {
        var turns = new SeededTurns(seed);
        await using var silo = await Silo.StartAsync(options =>
        {
            options.TurnScheduler = turns;
            options.Random = new Random(seed);
        });
        var lead = silo.Grains.GetGrain<IWalk>("leader").LeadAsync(["a", "b", "c", "d"], 4);
        for (var round = 0; round < 10 && !lead.IsCompleted; round++)
        {
            turns.Run();
            silo.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.True(lead.IsCompletedSuccessfully);
        var notes = silo.Grains.GetGrain<IWalk>("meeting").NotesAsync();
        turns.Run();
        return $"{string.Join(' ', await notes)}|{string.Join(' ', turns.History)}";
    }
}
