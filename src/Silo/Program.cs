using System.CommandLine;
using EmergencyStop.Silo.CommandLine;

// An orderly end takes as long as the host allows (30 s); the command line would cut it off after two, with exit code 143.
return await SiloCommand.Create().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(60) });
