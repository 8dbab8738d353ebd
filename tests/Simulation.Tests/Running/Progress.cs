namespace EmergencyStop.Simulation.Tests.Running;

/// <summary>Says now and then how far a job is: each second on a terminal, otherwise every ten.</summary>
public static class Progress
{
    /// <summary>Runs the job meanwhile.</summary>
    public static async Task<CampaignResult> RunAsync(Campaign campaign, ulong count, CancellationToken cancellationToken)
    {
        var running = campaign.RunAsync(cancellationToken);
        var isTerminal = !Console.IsErrorRedirected;
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds(isTerminal ? 1 : 10));
        var next = tick.WaitForNextTickAsync(CancellationToken.None).AsTask();
        while (await Task.WhenAny(running, next) != running)
        {
            await Console.Error.WriteAsync($"{(isTerminal ? "\r" : string.Empty)}{campaign.Result}, of {count}{(isTerminal ? " " : "\n")}");
            next = tick.WaitForNextTickAsync(CancellationToken.None).AsTask();
        }

        if (isTerminal)
        {
            await Console.Error.WriteLineAsync();
        }

        return await running;
    }
}
