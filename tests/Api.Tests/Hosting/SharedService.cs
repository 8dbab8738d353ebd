namespace EmergencyStop.Api.Tests.Hosting;

/// <summary>One real service for the tests of a class that change nothing in it: to start one takes longer than to ask it something.</summary>
public sealed class SharedService : IAsyncLifetime
{
    internal RealService Service { get; private set; } = null!; // Set before the first test.

    public async Task InitializeAsync() => Service = await RealService.StartAsync();

    public async Task DisposeAsync() => await Service.DisposeAsync();
}
