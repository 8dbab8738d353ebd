using System.Globalization;
using System.Text;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Ledger.Events;
using EmergencyStop.Ledger.Releasing;
using EmergencyStop.Releasing;

namespace EmergencyStop.Simulation.Tests.Agreement;

/// <summary>Runs one sequence on two ledgers and throws where they differ.</summary>
internal sealed class TwoLedgers
{
    /// <summary>Operations between two looks at everything.</summary>
    private const int LookEvery = 12;

    private readonly LedgerSide _first;
    private readonly LedgerSide _second;
    private readonly Scene _scene;
    private readonly AgreementClock _clock;
    private readonly AnswerCounts _counts;
    private readonly List<string> _told = [];
    private MirrorMark? _mark;
    private long _audited;
    private long _heard;

    private TwoLedgers(LedgerSide first, LedgerSide second, AgreementClock clock, AnswerCounts counts)
    {
        (_first, _second, _counts) = (first, second, counts);
        _scene = new(clock) { First = first.Ledger };
        _clock = clock;
    }

    /// <summary>What there is.</summary>
    public Scene Scene => _scene;

    /// <summary>Runs a sequence.</summary>
    public static Task CheckAsync(
        Steps steps, Func<TimeProvider, Task<LedgerSide>> first, Func<TimeProvider, Task<LedgerSide>> second, AnswerCounts counts) =>
        CheckAsync(ledgers => ledgers.RunAsync(steps), first, second, counts);

    /// <summary>Runs anything.</summary>
    public static async Task CheckAsync(
        Func<TwoLedgers, Task> run, Func<TimeProvider, Task<LedgerSide>> first, Func<TimeProvider, Task<LedgerSide>> second, AnswerCounts counts)
    {
        var clock = new AgreementClock();
        await using var one = await first(clock);
        await using var other = await second(clock);
        var agreement = new TwoLedgers(one, other, clock, counts);
        try
        {
            await run(agreement);
        }
        catch (Exception trouble) when (trouble is not DisagreementException)
        {
            throw new DisagreementException(agreement.Told().AppendLine(trouble.ToString()).ToString());
        }
    }

    private async Task RunAsync(Steps steps)
    {
        for (var i = 0; i < steps.Items.Length; i++)
        {
            await StepAsync(steps.Items[i]);
            if (i % LookEvery == LookEvery - 1 || i == steps.Items.Length - 1)
            {
                await LookAsync();
            }
        }
    }

    private async Task StepAsync(Step step)
    {
        var choices = new Choices(step.Choices);
        _scene.Pass(choices);
        await DoAsync(await OperationKinds.All[step.Kind].Make(_scene, choices));
    }

    /// <summary>Makes one call on both, and compares its answer, the gate and the audit after it.</summary>
    public async Task DoAsync(Operation operation)
    {
        _told.Add($"{_clock.GetUtcNow().ToString("HH:mm:ss.fffffff", CultureInfo.InvariantCulture)} {operation.Text}");
        if (operation.Reopens)
        {
            await _first.ReopenAsync();
            await _second.ReopenAsync();
            _scene.First = _first.Ledger;
        }

        var answer = await AskAsync(_first, operation);
        var same = await AskAsync(_second, operation);
        Compare("its answer", answer, same);
        var kind = operation.Kind(answer) ?? AnswerCounts.KindOf(answer);
        _counts.Count($"{operation.Name}: {kind}");
        _told[^1] += $"\n       -> {kind}";
        foreach (var met in operation.Met)
        {
            _counts.Count(met);
        }

        _scene.Learn(answer);
        Compare("the gate after it", _first.Ledger.Gate, _second.Ledger.Gate);
        await CompareAuditAsync();
        await CompareEventsAsync();
    }

    private async Task CompareAuditAsync()
    {
        const int Most = 1_000;
        var entries = await _first.Ledger.AuditAsync(_audited, Most, CancellationToken.None);
        Compare("the audit after it", entries, await _second.Ledger.AuditAsync(_audited, Most, CancellationToken.None));
        _audited += entries.Length;
        foreach (var entry in entries)
        {
            _counts.Count($"audit: {entry.Entry.Action}");
        }
    }

    private async Task CompareEventsAsync()
    {
        EventPage page;
        do
        {
            page = await _first.Ledger.EventsAsync(new(_heard), CancellationToken.None);
            Compare("the events after it", page, await _second.Ledger.EventsAsync(new(_heard), CancellationToken.None));
            _heard = page.Through;
            foreach (var one in page.Events)
            {
                _counts.Count($"event: {one.Event.Type}");
            }
        }
        while (page.Through < page.Last);
    }

    /// <summary>Compares everything that can be seen.</summary>
    public async Task LookAsync()
    {
        var seen = await Observation.OfAsync(_first.Ledger, _scene, _mark);
        var other = await Observation.OfAsync(_second.Ledger, _scene, _mark);
        for (var i = 0; i < seen.Count; i++)
        {
            Compare($"what is seen after it, {seen[i]}", seen[i].Value, other[i].Value);
            _counts.Count($"seen, {seen[i].What}: {AnswerCounts.KindOf(seen[i].Value)}");
            if (seen[i].Value is MirrorReading reading)
            {
                _mark = reading.Mark;
            }
        }
    }

    /// <summary>A refusal by exception is an answer; a ledger that cannot be used is none.</summary>
    private static async Task<object?> AskAsync(LedgerSide side, Operation operation)
    {
        try
        {
            return await operation.Ask(side.Ledger);
        }
        catch (Exception refusal) when (refusal is not LedgerUnavailableException)
        {
            return refusal;
        }
    }

    private void Compare(string where, object? one, object? other)
    {
        string[] first = [.. ValueText.Lines(one)];
        string[] second = [.. ValueText.Lines(other)];
        for (var i = 0; i < Math.Max(first.Length, second.Length); i++)
        {
            var (a, b) = (i < first.Length ? first[i] : "nothing more", i < second.Length ? second[i] : "nothing more");
            if (!string.Equals(a, b, StringComparison.Ordinal))
            {
                throw new DisagreementException(Tell(where, i, a, b));
            }
        }
    }

    private StringBuilder Told()
    {
        var text = new StringBuilder().AppendLine().AppendLine();
        for (var i = 0; i < _told.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i + 1,4}. ").AppendLine(_told[i]);
        }

        return text;
    }

    private string Tell(string where, int line, string first, string second)
    {
        var from = first.Zip(second).TakeWhile(p => p.First == p.Second).Count();
        var text = Told();
        text.AppendLine(CultureInfo.InvariantCulture, $"The ledgers differ after operation {_told.Count} in {where} (line {line + 1}):");
        text.AppendLine(CultureInfo.InvariantCulture, $"  {_first.Name}: {Part(first, from)}");
        text.AppendLine(CultureInfo.InvariantCulture, $"  {_second.Name}: {Part(second, from)}");
        return text.AppendLine(CultureInfo.InvariantCulture, $"in whole, {_first.Name}: {first}").AppendLine(CultureInfo.InvariantCulture, $"in whole, {_second.Name}: {second}").ToString();
    }

    /// <summary>The stretch around the first difference.</summary>
    private static string Part(string text, int from)
    {
        const int Before = 60;
        const int After = 160;
        var start = Math.Max(0, from - Before);
        var end = Math.Min(text.Length, from + After);
        return (start > 0 ? "…" : string.Empty) + text[start..end] + (end < text.Length ? "…" : string.Empty);
    }
}

/// <summary>The ledgers do not agree.</summary>
public sealed class DisagreementException(string message) : Exception(message);
