using EmergencyStop.Api.Errors;
using EmergencyStop.Ledger.Orders;
using Microsoft.AspNetCore.Http;

namespace EmergencyStop.Api.Wire;

/// <summary>What every paged call has in common.</summary>
internal static class Paging
{
    /// <summary>Most rows of one page.</summary>
    public const int MostRows = 500;

    /// <summary>A page, or a problem when the cursor is not one that the ledger has given.</summary>
    public static async Task<IResult> AnswerAsync<TRow, TResponse>(
        string? cursor, Func<Task<Page<TRow>>> read, Func<Page<TRow>, TResponse> show)
    {
        try
        {
            return TypedResults.Ok(show(await read()));
        }
        catch (ArgumentException) when (cursor is not null)
        {
            return Problems.ValidationFailed("cursor", "cursor must be the next_cursor of the last page, unchanged.");
        }
    }
}
