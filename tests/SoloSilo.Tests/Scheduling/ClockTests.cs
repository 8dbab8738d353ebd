using EmergencyStop.SoloSilo.Tests.Grains;
using EmergencyStop.SoloSilo.Tests.Hosting;
using Orleans.Solo;

namespace EmergencyStop.SoloSilo.Tests.Scheduling;

/// <summary>Everything that takes time does so by the injected clock.</summary>
public sealed class ClockTests
{
    private readonly SeededTurns _turns = new(seed: 1);

    [Fact]
    public async Task Call_TimesOutByTheClock()
    {
        await using var silo = await Silo.StartAsync(Seeded);
        var call = silo.Grains.GetGrain<IPatient>("p").WaitAsync(TimeSpan.FromMinutes(1));
        Advance(silo, TimeSpan.FromSeconds(30));
        Assert.False(call.IsCompleted);

        Advance(silo, TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Equal(0, silo.Statistics.CallsInFlight);
    }

    [Fact]
    public async Task Timer_TicksByTheClock()
    {
        await using var silo = await Silo.StartAsync(Seeded);
        var patient = silo.Grains.GetGrain<IPatient>("p");
        await RunAsync(patient.TickEveryAsync(TimeSpan.FromMinutes(1)));
        for (var i = 0; i < 3; i++)
        {
            Advance(silo, TimeSpan.FromMinutes(1));
        }

        Assert.Equal(3, await RunAsync(patient.TicksAsync()));
    }

    [Fact]
    public async Task IdleActivation_IsCollectedByTheClock_AndItsStateComesBack()
    {
        await using var silo = await Silo.StartAsync(Seeded);
        var patient = silo.Grains.GetGrain<IPatient>("p");
        await RunAsync(patient.TickEveryAsync(TimeSpan.FromMinutes(2)));
        Assert.Equal(1, Activations(silo));
        for (var minute = 0; minute < 17; minute++)
        {
            Advance(silo, TimeSpan.FromMinutes(1));
        }

        Assert.Equal(0, Activations(silo));
        Assert.InRange(await RunAsync(patient.TicksAsync()), 6, 8);
    }

    [Fact]
    public async Task StuckDeactivation_GivesWayToANewActivation()
    {
        await using var silo = await Silo.StartAsync(options =>
        {
            Seeded(options);
            options.CollectionAge = TimeSpan.FromMinutes(2);
            options.DeactivationTimeout = TimeSpan.FromHours(24);
            options.MaxRequestProcessingTime = TimeSpan.FromMinutes(10);
            options.ResponseTimeout = TimeSpan.FromHours(24);
        });
        var patient = silo.Grains.GetGrain<IPatient>("p");
        await RunAsync(patient.HoldOnDeactivationAsync());
        Advance(silo, TimeSpan.FromMinutes(3));
        var next = patient.TicksAsync();
        _turns.Run();
        Assert.False(next.IsCompleted);

        Advance(silo, TimeSpan.FromMinutes(11));

        Assert.Equal(0, await RunAsync(next));
    }

    private static long Activations(Silo silo) =>
        silo.Statistics.ReadGrains().Single(grain => grain.GrainType.ToString() == "patient").ActivationsNow;

    private void Seeded(SoloSiloOptions options) => options.TurnScheduler = _turns;

    private void Advance(Silo silo, TimeSpan time)
    {
        _turns.Run();
        silo.Clock.Advance(time);
        _turns.Run();
    }

    private async Task RunAsync(Task call)
    {
        _turns.Run();
        await call;
    }

    private async Task<T> RunAsync<T>(Task<T> call)
    {
        _turns.Run();
        return await call;
    }
}
