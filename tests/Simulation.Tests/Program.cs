using System.Diagnostics;
using System.Globalization;
using EmergencyStop.Simulation.Tests.Scenarios;

var from = ulong.Parse(args.Length > 0 ? args[0] : "1", CultureInfo.InvariantCulture);
var count = ulong.Parse(args.Length > 1 ? args[1] : "1", CultureInfo.InvariantCulture);
var trace = args.Contains("--trace");
var clock = Stopwatch.StartNew();
long steps = 0;
var broken = 0;
for (var seed = from; seed < from + count; seed++)
{
    var size = args.Contains("--standard") ? PlanMaker.Size.Standard : PlanMaker.Size.Of(seed);
    using var history = new History(PlanMaker.Of(seed, size), listener: trace ? Console.WriteLine : null);
    try
    {
        var violations = await history.RunAsync();
        steps += history.Steps;
        foreach (var violation in violations.Take(3))
        {
            broken++;
            Console.WriteLine($"{seed}: {violation}");
        }
    }
    catch (InvalidOperationException e)
    {
        broken++;
        Console.WriteLine($"{seed}: {e}");
    }
}

Console.WriteLine($"{count} histories, {broken} violations, {steps} steps in {clock.Elapsed.TotalSeconds:F2} s: {count / clock.Elapsed.TotalSeconds:F0}/s");
return broken == 0 ? 0 : 1;
