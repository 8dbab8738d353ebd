using System.Globalization;

namespace EmergencyStop.Soak.Ledger;

/// <summary>One answer of the ledger as its caller heard it: a line of tab-separated words.</summary>
/// <param name="What">What was answered.</param>
/// <param name="Id">Of which order or stop.</param>
/// <param name="Number">The number drawn for it; 0 where none was.</param>
/// <param name="More">What belongs to it: a state, a target, a key.</param>
internal sealed record LedgerAnswer(string What, string Id, long Number, string More)
{
    public const string Admitted = "admitted";
    public const string Refused = "refused";
    public const string Evidence = "evidence";
    public const string Engaged = "engaged";
    public const string Progressed = "progressed";
    public const string Released = "released";

    public static LedgerAnswer? Read(string line) =>
        line.Split('\t') is [var what, var id, var number, var more, "."]
            ? new(what, id, long.Parse(number, CultureInfo.InvariantCulture), more)
            : null; // Cut off by the kill: nobody was told it.

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{What}\t{Id}\t{Number}\t{More}\t.");
}
