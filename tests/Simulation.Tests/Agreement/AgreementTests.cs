using System.Text.RegularExpressions;
using EmergencyStop.Ledger.Tests.PostgreSql;
using EmergencyStop.Simulation.Tests.Ledger;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using Xunit.Abstractions;

namespace EmergencyStop.Simulation.Tests.Agreement;

/// <summary>The model ledger, which the simulator runs on, and the ledgers in SQLite and PostgreSQL answer alike.</summary>
/// <remarks>
/// A failure prints the shortest sequence of operations that it could be shrunk to, and its seed. To run that seed alone:
/// <c>AGREEMENT_SEED=1,2,3 dotnet test tests/Simulation.Tests --filter AgreementTests</c>; to run more than usual:
/// <c>AGREEMENT_SEQUENCES=10000</c>.
/// </remarks>
public sealed partial class AgreementTests(ITestOutputHelper output)
{
    private const int Sequences = 400;

    /// <summary>Each takes a database of its own, and every call a way to the server and back.</summary>
    private const int SequencesOfPostgreSql = 40;

    /// <summary>What is planted is found within a hundred or two; so many that none is missed by bad luck.</summary>
    private const int Most = 3_000;

    [Fact]
    public async Task Ledgers_WhateverIsAskedOfThem_Agree()
    {
        var counts = new AnswerCounts();
        var sequences = int.TryParse(Environment.GetEnvironmentVariable("AGREEMENT_SEQUENCES"), out var more) ? more : Sequences;
        var seed = Environment.GetEnvironmentVariable("AGREEMENT_SEED");
        await CheckAsync(seed is null ? sequences : 1, seed, counts, LedgerBug.None, SqliteSide.OpenAsync);
        foreach (var (answer, count) in counts.All) // dotnet test --logger "console;verbosity=detailed" shows them.
        {
            output.WriteLine($"{count,6} {answer}");
        }

        Assert.Empty(seed is null ? ExpectedAnswers.All.Except(counts.All.Keys, StringComparer.Ordinal) : []); // What was never met, was never compared.
    }

    [SkippableFact]
    public async Task PostgreSql_WhateverIsAskedOfIt_AgreesWithTheModel()
    {
        _ = await PostgreSqlServer.SharedAsync(); // Skips here, not in the middle of a property.
        var sequences = int.TryParse(Environment.GetEnvironmentVariable("AGREEMENT_SEQUENCES"), out var more) ? more : SequencesOfPostgreSql;
        var seed = Environment.GetEnvironmentVariable("AGREEMENT_SEED");
        await CheckAsync(seed is null ? sequences : 1, seed, new(), LedgerBug.None, PostgreSqlSide.OpenAsync);
    }

    /// <summary>What only the time of an answer tells is left to the simulator.</summary>
    /// <param name="planted">The bug.</param>
    /// <param name="known">The seed of a sequence that has shown it, where most do not; if it shows it no more, others are drawn.</param>
    [Theory]
    [InlineData(LedgerBug.ReleasePassesWhileWorking)]
    [InlineData(LedgerBug.ReleaseDropsObligations)]
    [InlineData(LedgerBug.AdoptionStraddlesRelease, "14309467310671788275,8562676400609609561,1")]
    [InlineData(LedgerBug.ReplayLatchesReleased, "7409415078868479806,9099399611418456469,2")]
    [InlineData(LedgerBug.OutcomeOverwritesMet)]
    [InlineData(LedgerBug.ClosingIndexNotUnique)]
    [InlineData(LedgerBug.KeyNotUnique)]
    [InlineData(LedgerBug.NumbersAfterRelease)]
    [InlineData(LedgerBug.PauseForgotten, "14777815907761275407,3229840414478880205,3")]
    [InlineData(LedgerBug.DespiteHold)]
    [InlineData(LedgerBug.EventForgotten)]
    public Task Ledgers_WhenTheModelErrs_Differ(LedgerBug planted, string? known = null) => FindAsync(planted, known, SqliteSide.OpenAsync);

    /// <summary>The comparison with PostgreSQL has eyes as well: these are found within a few dozen sequences, or by a known one.</summary>
    [SkippableTheory]
    [InlineData(LedgerBug.ReleasePassesWhileWorking)]
    [InlineData(LedgerBug.OutcomeOverwritesMet)]
    [InlineData(LedgerBug.KeyNotUnique)]
    [InlineData(LedgerBug.PauseForgotten, "14777815907761275407,3229840414478880205,3")]
    [InlineData(LedgerBug.EventForgotten)]
    public async Task PostgreSql_WhenTheModelErrs_Differs(LedgerBug planted, string? known = null)
    {
        _ = await PostgreSqlServer.SharedAsync();
        await FindAsync(planted, known, PostgreSqlSide.OpenAsync);
    }

    private async Task FindAsync(LedgerBug planted, string? known, Func<TimeProvider, Task<LedgerSide>> side)
    {
        var counts = new AnswerCounts();
        var found = known is null ? null : await Record.ExceptionAsync(() => CheckAsync(1, known, counts, planted, side));
        found ??= await Record.ExceptionAsync(() => CheckAsync(Most, null, counts, planted, side));
        Assert.IsType<DisagreementException>(found);
        output.WriteLine($"{planted} was found in sequence {counts.Sequences}: {found.Message.Split('\n')[0]}");
    }

    /// <summary>On a thread of its own: the property waits, and those that it waits for need the pool's.</summary>
    private static Task CheckAsync(int sequences, string? seed, AnswerCounts counts, LedgerBug planted, Func<TimeProvider, Task<LedgerSide>> side) => Task.Factory.StartNew(
        () => Check(sequences, seed, counts, planted, side), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static void Check(int sequences, string? seed, AnswerCounts counts, LedgerBug planted, Func<TimeProvider, Task<LedgerSide>> side)
    {
        DisagreementException? shortest = null;
        var steps = planted == LedgerBug.None ? Steps.Any : Steps.Any.Generator.ToArbitrary(); // What is planted need not be shrunk.
        var agree = Prop.ForAll(steps, (Func<Steps, bool>)(sequence =>
        {
            var found = Run(sequence, counts, planted, side);
            shortest = found ?? shortest;
            return found is null;
        }));
        try
        {
            agree.Check(Settings(sequences, seed));
        }
        catch (Exception failure) when (shortest is not null)
        {
            var last = LastStep().Match(failure.Message).Groups;
            throw new DisagreementException($"AGREEMENT_SEED={last["seed"]},{last["gamma"]},{last["size"]}{shortest.Message}");
        }
    }

    private static DisagreementException? Run(Steps steps, AnswerCounts counts, LedgerBug planted, Func<TimeProvider, Task<LedgerSide>> side)
    {
        counts.Sequences++;
        try
        {
            TwoLedgers.CheckAsync(steps, side, time => ModelSide.OpenAsync(time, planted), counts).GetAwaiter().GetResult();
            return null;
        }
        catch (DisagreementException found)
        {
            return found;
        }
    }

    private static Config Settings(int sequences, string? seed)
    {
        var settings = Config.QuickThrowOnFailure.WithMaxTest(sequences).WithQuietOnSuccess(true);
        return seed?.Split(',') is [var state, var gamma, var size]
            ? settings.WithReplay(FSharpOption<Replay>.Some(new(new(ulong.Parse(state), ulong.Parse(gamma)), FSharpOption<int>.Some(int.Parse(size)))))
            : settings;
    }

    [GeneratedRegex(@"size of (?<size>\d+) and seed of \((?<seed>\d+),(?<gamma>\d+)\)", RegexOptions.ExplicitCapture)]
    private static partial Regex LastStep();
}
