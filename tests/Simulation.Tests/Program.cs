using EmergencyStop.Simulation.Tests.Running;

return await SimulatorCommand.RunAsync(args);
