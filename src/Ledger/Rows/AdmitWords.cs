using EmergencyStop.Ledger.Audit;
using EmergencyStop.Orders;

namespace EmergencyStop.Ledger.Rows;

/// <summary>What the audit says of admissions.</summary>
internal static class AdmitWords
{
    /// <summary>An order was sent past a closed gate.</summary>
    public static AuditEntry PastGate(Order row, PastGate past) =>
        new(row.AdmittedAt, past.By.DisplayName, "order.past_gate", row.Id.Value, AuditDetails.Of(
            ("number", row.Number), ("stop", past.Stop.Value), ("user", row.Terms.User.Value), ("symbol", row.Terms.Symbol.Value),
            ("side", row.Terms.Side.ToString()), ("quantity", Values.Text(row.Terms.Quantity)), ("reason", past.Reason), ("key_id", past.By.KeyId)));

    /// <summary>Details that begin with a number, without it: the database draws it.</summary>
    public static string WithoutNumber(string details)
    {
        const string number = "{\"number\":";
        var end = details.AsSpan(number.Length).IndexOfAnyExceptInRange('0', '9');
        return details.StartsWith(number, StringComparison.Ordinal) && end > 0
            ? details[(number.Length + end)..]
            : throw new ArgumentException("The details do not begin with a number.", nameof(details));
    }
}
