namespace EmergencyStop.Simulation.Tests.Venues;

/// <summary>What may befall a call, an order or a notice.</summary>
public enum VenueFault
{
    /// <summary>The adapter's own rate limit makes the call wait, an order or a mass cancel perhaps past its window.</summary>
    RateLimitWait,

    /// <summary>Connecting takes long.</summary>
    SlowConnect,

    /// <summary>There is no connection; nothing is written.</summary>
    ConnectFailed,

    /// <summary>The request is long on its way. An order's or a mass cancel's is reset at the window's end.</summary>
    SlowRequest,

    /// <summary>The request never arrives.</summary>
    RequestLost,

    /// <summary>The answer is long on its way.</summary>
    SlowAnswer,

    /// <summary>The request was carried out; its answer never arrives.</summary>
    AnswerLost,

    /// <summary>The request was carried out; its answer, or one page of it, cannot be read.</summary>
    AnswerGarbled,

    /// <summary>The venue's rate limit refuses the call (429): it has no effect.</summary>
    RateLimited,

    /// <summary>The venue answers that it cannot serve now (5xx), and may have carried it out all the same.</summary>
    Unavailable,

    /// <summary>A frozen sender's bytes leave after the window of its order.</summary>
    LateWrite,

    /// <summary>The venue refuses an order.</summary>
    Rejected,

    /// <summary>An accepted order is found only after a while, within the visibility bound.</summary>
    LateVisibility,

    /// <summary>A fill is of a part only.</summary>
    PartialFill,

    /// <summary>A limit order rests although the price would let it trade.</summary>
    RestsThoughMarketable,

    /// <summary>The venue ends a resting order by itself.</summary>
    EndedByVenue,

    /// <summary>An order fills, in whole or in part, in the moment before its cancel.</summary>
    FillOnCancel,

    /// <summary>A cancel takes effect late.</summary>
    CancelLate,

    /// <summary>The answer to a cancel shows the order open; it is cancelled afterwards.</summary>
    CancelReportedOpen,

    /// <summary>The cancel is accepted only, where the venue would have shown the order.</summary>
    CancelOnlyAccepted,

    /// <summary>The venue says that the order cannot be cancelled, and cancels it later.</summary>
    CancelRefusedThenDone,

    /// <summary>The cancel is accepted and never takes effect.</summary>
    CancelDropped,

    /// <summary>Within the visibility bound the venue does not find the order that is to be cancelled.</summary>
    CancelNotFound,

    /// <summary>The adapter asks for the cancel twice.</summary>
    CancelRepeated,

    /// <summary>A mass cancel leaves an order out.</summary>
    MassCancelLeaves,

    /// <summary>A mass cancel is answered before the orders that it reached are cancelled.</summary>
    MassCancelAnsweredEarly,

    /// <summary>A notice comes twice.</summary>
    NoticeRepeated,

    /// <summary>A notice comes late, after those of other orders.</summary>
    NoticeLate,

    /// <summary>A notice never comes.</summary>
    NoticeLost,

    /// <summary>A strategy is slow to acknowledge a notice.</summary>
    StrategySlow,

    /// <summary>A strategy does not acknowledge a notice.</summary>
    StrategyDeaf,

    /// <summary>A mass cancel is taken in by its window's end and carried out later, within the visibility bound, without an answer.</summary>
    MassCancelLate,

    /// <summary>A call met a venue that is down, at any step. Not drawn: see <see cref="VenueFaults.Down"/>.</summary>
    Down,

    /// <summary>A cancel or an order met a closed market. Not drawn: see <see cref="VenueFaults.CloseMarket"/>.</summary>
    MarketClosed,
}
