using EmergencyStop.Load;

// dotnet run -c Release --project benchmarks/Load [-- name ...]: measures, prints figures beside their floors, exits 1 if one is missed.
var measures = new Dictionary<string, Func<Report, Task>>(StringComparer.Ordinal)
{
    ["gate"] = GateMeasure.RunAsync,
    ["admissions"] = AdmissionMeasure.RunAsync,
    ["stop"] = StopMeasure.RunAsync,
    ["promises"] = PromiseMeasure.RunAsync,
    ["memory"] = MemoryMeasure.RunAsync,
};

// A ledger in the database that ConnectionStrings__Ledger names: -- --ledger postgresql [name ...]
if (args is ["--ledger", "postgresql", .. var rest])
{
    Bench.Database = Environment.GetEnvironmentVariable("ConnectionStrings__Ledger");
    if (Bench.Database is null)
    {
        await Console.Error.WriteLineAsync("Set ConnectionStrings__Ledger to a database that may be filled.");
        return 2;
    }

    measures = new(StringComparer.Ordinal)
    {
        ["postgresql"] = PostgreSqlMeasure.RunAsync,
        ["admissions"] = AdmissionMeasure.RunAsync,
        ["stop"] = StopMeasure.RunAsync,
    };
    args = rest;
}

var unknown = args.Where(a => !measures.ContainsKey(a)).ToArray();
if (unknown.Length > 0)
{
    await Console.Error.WriteLineAsync($"No such measure: {string.Join(", ", unknown)}. There are: {string.Join(", ", measures.Keys)}.");
    return 2;
}

// The log is for people on call; here it would only share the disk and the cores with what is measured.
Environment.SetEnvironmentVariable("Logging__LogLevel__Default", "Error");
Environment.SetEnvironmentVariable("Logging__LogLevel__EmergencyStop", "Error");
var report = new Report();
foreach (var name in args.Length > 0 ? args : [.. measures.Keys])
{
    Console.WriteLine($"-- {name}");
    await measures[name](report);
}

return report.Missed == 0 ? 0 : 1;
