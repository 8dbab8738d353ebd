using EmergencyStop.SoloSilo.Tests.Grains;
using Microsoft.Extensions.Options;
using Orleans.Runtime;

namespace EmergencyStop.SoloSilo.Tests.Hosting;

public sealed class SiloTests
{
    [Fact]
    public async Task Stop_EndsActivations_AndRefusesFurtherCalls()
    {
        await using var silo = await Silo.StartAsync();
        var patient = silo.Grains.GetGrain<IPatient>("p");
        await patient.TicksAsync();

        await silo.StopAsync();

        Assert.Equal(0, silo.Statistics.ReadGrains().Sum(grain => grain.ActivationsNow));
        await Assert.ThrowsAsync<SiloUnavailableException>(patient.TicksAsync);
    }

    [Fact]
    public async Task Stop_IsBounded_AndCallersLearnOfIt()
    {
        await using var silo = await Silo.StartAsync();
        var call = silo.Grains.GetGrain<IPatient>("p").WaitAsync(TimeSpan.FromHours(1));
        await silo.Grains.GetGrain<IPatient>("q").TicksAsync();

        var stopping = silo.StopAsync();
        silo.Clock.Advance(TimeSpan.FromSeconds(30));

        await stopping;
        await Assert.ThrowsAsync<SiloUnavailableException>(() => call);
    }

    [Theory]
    [InlineData(true, "InvalidOperationException, another")]
    [InlineData(false, "CodecNotFoundException, another")]
    public async Task Exceptions_CrossAsBetweenSilos(bool known, string caught)
    {
        await using var silo = await Silo.StartAsync();

        Assert.Equal(caught, await silo.Grains.GetGrain<IPatient>("p").CatchAsync(silo.Grains.GetGrain<IPatient>("q"), known));
    }

    [Fact]
    public async Task Requests_OfOneSender_StartInOrder()
    {
        await using var silo = await Silo.StartAsync();
        var patient = silo.Grains.GetGrain<IPatient>("p");

        await Task.WhenAll(Enumerable.Range(0, 500).Select(patient.NoteAsync));

        Assert.Equal(string.Join(',', Enumerable.Range(0, 500)), await patient.NotesAsync());
    }

    [Fact]
    public async Task OptionOutOfRange_KeepsTheSiloFromStarting()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => Silo.StartAsync(options => options.CollectionQuantum = TimeSpan.Zero));

        Assert.Contains("CollectionQuantum", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RequestContext_RefusesWhatCanChange() =>
        Assert.Throws<NotSupportedException>(() => RequestContext.Set("key", new List<int>()));

    [Fact]
    public async Task Statistics_CountCallsFailuresAndActivations()
    {
        await using var silo = await Silo.StartAsync();
        var patient = silo.Grains.GetGrain<IPatient>("p");
        await patient.TicksAsync();
        await patient.TicksAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => patient.FailAsync(known: true));

        var methods = silo.Statistics.ReadMethods();
        Assert.Equal(2, methods.Single(method => method.Method == "IPatient.TicksAsync").Calls);
        Assert.Equal(1, methods.Single(method => method.Method == "IPatient.FailAsync").Failures);
        Assert.Equal(1, silo.Statistics.ReadGrains().Single(grain => grain.GrainType.ToString() == "patient").ActivationsEver);
    }

    [Fact]
    public void UniformHash_IsTheSameInEveryProcess() =>
        Assert.Equal(UniformHash, GrainId.Parse("user/alice").GetUniformHashCode());

    private const uint UniformHash = 4289545520;
}
