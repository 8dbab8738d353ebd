using System.CommandLine;
using EmergencyStop.Soak;
using EmergencyStop.Soak.Ledger;
using EmergencyStop.Soak.Service;

// dotnet run --project tests/Soak [-- --minutes N]: kills processes until told to end; exits 1 when a law is broken.
var minutes = new Option<double>("--minutes") { Description = "Goes on for so long, the kills below at least." };
var seed = new Option<int>("--seed") { Description = "Seeds the choices; 0 takes one from the clock." };
var ledgerKills = new Option<int>("--ledger-kills") { Description = "Kills of the ledger's process.", DefaultValueFactory = _ => 200 };
var serviceKills = new Option<int>("--service-kills") { Description = "Kills of the whole service.", DefaultValueFactory = _ => 100 };
var path = new Option<string>("--path") { Required = true };
var round = new Option<int>("--round") { Required = true };
var workerSeed = new Option<int>("--seed") { Required = true };

var worker = new Command("ledger-worker", "What is killed.") { path, workerSeed, round };
worker.Hidden = true;
worker.SetAction((parsed, _) => LedgerWorker.RunAsync(parsed.GetRequiredValue(path), parsed.GetRequiredValue(workerSeed), parsed.GetRequiredValue(round)));

var root = new RootCommand("Kills the ledger's process and the whole service at random points, and compares callers' answers, venue and ledger.")
{
    minutes, seed, ledgerKills, serviceKills, worker,
};
root.SetAction(async (parsed, _) =>
{
    var chosen = parsed.GetValue(seed) is var given and not 0 ? given : Environment.TickCount;
    var half = TimeSpan.FromMinutes(parsed.GetValue(minutes) / 2);
    Console.WriteLine($"seed {chosen}");
    try
    {
        var ledger = await LedgerSoak.RunAsync(new(chosen, parsed.GetValue(ledgerKills), half), Console.WriteLine);
        Console.WriteLine($"ledger: {ledger.Kills} kills, {ledger.Answers} answers, all kept");
        var service = await ServiceSoak.RunAsync(new(chosen, parsed.GetValue(serviceKills), half), Console.WriteLine);
        Console.WriteLine($"service: {service.Kills} kills, {service.Answers} requests, no law broken");
        return 0;
    }
    catch (BrokenLawException broken)
    {
        await Console.Error.WriteLineAsync($"seed {chosen}: {broken.Message}");
        return 1;
    }
});
return await root.Parse(args).InvokeAsync();
