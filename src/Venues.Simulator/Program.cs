using EmergencyStop.Venues.Simulator;

var app = SimulatorHost.Build(args);
SimulatorHost.AnnounceWhenReady(app, Console.Out);
await app.RunAsync();
