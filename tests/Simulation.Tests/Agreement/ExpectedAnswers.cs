namespace EmergencyStop.Simulation.Tests.Agreement;

/// <summary>What a run of the suite must have met: each kind of answer of each method, and each situation, that is not too rare to be met every time.</summary>
internal static class ExpectedAnswers
{
    private const string Text = """
        AddKeyAsync: nothing | throws InvalidOperationException
        Admit: Admitted | Duplicate | GateClosed | GateClosed with parts excepted | StrategyPaused
        AdoptAsync: Adopted active | Adopted ended | Placed active | Placed ended | nothing | throws ArgumentException
        AdvanceConsumerAsync: false | true
        AppendAuditAsync: nothing
        AppendEventAsync: Int64
        ArmHeartbeatAsync: Heartbeat | nothing
        BeatAsync: nothing
        DisarmHeartbeatAsync: Heartbeat | nothing
        EndPassAsync: Completed | Outstanding | Working
        EngageAsync: Engaged | KeyReused | Repeated by its id | Repeated by its key | Repeated without a key
        EventsSetAsideAsync: some | throws ArgumentException | throws ArgumentOutOfRangeException
        EscalateAsync: Cannot, holds nothing | Cannot, leaves orders | Escalated | Escalated before | NotFound
        ExceptAsync: Done | Done before | HoldsNothing | NotFound | NotInside | Outstanding | Working
        FillClosing: some
        FindAnswerAsync: RememberedAnswer | nothing
        Finish: Completed | Outstanding | throws ArgumentException
        HeartbeatStoppedAsync: nothing
        HistoryAsync: some | throws ArgumentException | throws ArgumentOutOfRangeException
        HoldConsumerAsync: Int64 | nothing
        InferredAsync: none
        InsertClosingAsync: Inserted | LatchGone | Standing
        LeaveOutstanding: Outstanding | throws ArgumentException
        MassCancel: nothing | throws ArgumentException
        MissHeartbeatAsync: Heartbeat | nothing
        NarrowAsync: AlreadyReleased | CannotNarrow, no parts | CannotNarrow, nobody's | HoldsNothing | Narrowed | NotFound | Released | Released, still held | Released, still paused | Working
        ObligationsAsync: some | throws ArgumentException | throws ArgumentOutOfRangeException
        OpenAsync: nothing
        OrderEventsAsync: OrderEventPage
        OrdersAsync: some | throws ArgumentException | throws ArgumentOutOfRangeException
        OwedAsync: none | some
        PassGate: Admitted | Duplicate | GateClosed by a later stop | GateClosed by a mass cancel | NotHeld | throws ArgumentException
        PauseAsync: none | some
        PositionsAsync: none | some
        ProgressAsync: Completed | Outstanding | Working | throws ArgumentException
        PruneEventsAsync: false
        PruneOrderEventsAsync: false
        PutBackAsync: Done | HoldsNothing | NotCarvedOut | NotFound
        Record: none | some
        RecordNoticeAsync: nothing
        RecordOutcomes: nothing | throws ArgumentException
        RegisterAsync: Strategy | nothing
        ReleaseAsync: AlreadyReleased | HoldsNothing | NotFound | Outstanding | Released | Released, still held | Released, still paused | Working
        RememberAnswerAsync: nothing
        Replace: Admitted | Duplicate | GateClosed | GateClosed with parts excepted | NotReplaceable, It has ended: | NotReplaceable, It is being | NotReplaceable, It is not | NotReplaceable, There is no | StrategyPaused
        ReplayAsync: Engaged | Engaged, the key dropped | Repeated by its id | Repeated by its key
        Rest: none | some
        ResumeAsync: Forbidden | GateClosed | NotFound | NotPaused | Resumed
        RevokeKeyAsync: false | true
        RotateSecretAsync: Strategy | nothing
        SetAsideAsync: nothing
        SettleSetAsideAsync: EventSetAside | nothing
        SaveRiskWatchAsync: RiskWatch | nothing
        Settle: none | some
        StopsOnAsync: none | some
        StrategiesAsync: some | throws ArgumentException | throws ArgumentOutOfRangeException
        Sweep: none | some | throws ArgumentException
        TurnUp: some
        UsersWithActiveOrdersAsync: none | some
        UsersWithUnclearOrdersAsync: none | some
        WriteRiskRulesAsync: Conflict | Written | throws ArgumentException
        WaiveAsync: AlreadyMet | AlreadyMet by its end | NoSuchDebt | NotFound | Waived | Waived, completed by it
        a stop of Strategy
        a stop of Symbol
        a stop of System
        a stop of User
        a stop of UserSymbol
        a stop with StopOptions{CancelOrders=true CancelOnly=true}
        a stop with StopOptions{CancelOrders=true ClosePositions=true}
        a stop with StopOptions{CancelOrders=true PauseStrategies=true ClosePositions=true KeepProtective=true}
        a stop with StopOptions{CancelOrders=true PauseStrategies=true ClosePositions=true}
        a stop with StopOptions{CancelOrders=true PauseStrategies=true KeepProtective=true}
        a stop with StopOptions{CancelOrders=true PauseStrategies=true}
        a stop with StopOptions{CancelOrders=true}
        a stop with StopOptions{PauseStrategies=true}
        a stop with StopOptions{}
        a stop with parts excepted
        a stop without parts excepted
        an outcome, MassCancel Ended
        an outcome, MassCancel Failed
        an outcome, MassCancel Unknown
        an outcome, Order Cancelled
        an outcome, Order Ended
        an outcome, Order Failed
        an outcome, Order Filled
        an outcome, Order NeverSent
        an outcome, Order Rejected
        an outcome, Order Unknown
        an outcome, Position Closed
        an outcome, Position Failed
        an outcome, Position Unknown
        an outcome, Strategy Failed
        an outcome, Strategy Paused
        an outcome, Strategy Unknown
        an outcome, Verification Ended
        an outcome, Verification Failed
        an outcome, Verification Unknown
        audit: event.dismissed | event.retried | key.created | key.revoked | obligation.waived | order.adopted | order.past_gate | release.refused | stop.engaged | stop.escalated | stop.excepted | stop.narrowed | stop.outcomes | stop.progressed | stop.put_back | stop.released | stop.reopened | stop.replayed | strategy.paused | strategy.registered | strategy.resumed | strategy.secret_rotated
        event: gate.closed | gate.opened | obligation.met | obligation.reopened | obligation.unmet | obligation.waived | risk.tested | stop.engaged | stop.escalated | stop.excepted | stop.narrowed | stop.outcomes_recorded | stop.progressed | stop.put_back | stop.released | strategy.paused | strategy.resumed
        audit: heartbeat.armed | heartbeat.disarmed | heartbeat.missed | risk.breached | risk.rule_deleted | risk.rule_written
        event: heartbeat.armed | heartbeat.disarmed | heartbeat.missed | risk.breached | risk.rule_deleted | risk.rule_written
        evidence for Cancelled
        evidence for Ended
        evidence for Filled
        evidence for InFlight
        evidence for NeverSent
        evidence for Open
        evidence for Rejected
        evidence for Replaced
        evidence for Unknown
        evidence of Cancelled
        evidence of Ended
        evidence of Filled
        evidence of InFlight
        evidence of NeverSent
        evidence of Open
        evidence of Rejected
        evidence of Replaced
        evidence of Unknown
        seen, active orders of: none | some
        seen, active orders: none | some
        seen, answer under k-0: RememberedAnswer | nothing
        seen, audit: AuditVerdict
        seen, closing orders of: none | some
        seen, consumers: none | some
        seen, counts: StopCounts
        seen, ended meanwhile for: none | some
        seen, events about SYSTEM: EventPage
        seen, events of alice: EventPage
        seen, events set aside that wait: Int64
        seen, events set aside: none | some
        seen, heartbeats: none | some
        seen, history of: none | some
        seen, history: none | some
        seen, inferred orders: none | some
        seen, key of: ApiKey | nothing
        seen, keys: none | some
        seen, known users: some
        seen, left unprotected by: none | some
        seen, mirror since: MirrorReading | nothing
        seen, mirror: MirrorReading
        seen, notices about: none | some
        seen, obligations of: none | some
        seen, obligations: none | some
        seen, order counts: OrderCountPage
        seen, order events of alice: OrderEventPage
        seen, order events: OrderEventPage
        seen, order of a client order id: Placed active | Placed ended | nothing
        seen, orders: some
        seen, outcomes of: none | some
        seen, owed by: none | some
        seen, pending notices: none | some
        seen, positions: none | some
        seen, recalled orders: some
        seen, remembered users of s1: none | some
        seen, remembered users: none | some
        seen, risk rules: none | some
        seen, risk watches of alice: none | some
        seen, risk watches: none | some
        seen, stop: Completed | Outstanding | Working
        seen, stops on SYSTEM: none | some
        seen, strategies in: none | some
        seen, strategies: none | some
        seen, strategy s2: Strategy | nothing
        seen, unfinished stops: none | some
        seen, unmet figures: none | some
        seen, users with active orders: none | some
        seen, versions of r1: none | some
        seen, whether orders are remembered: true
        """;

    /// <summary>Each as <see cref="AnswerCounts"/> counts it.</summary>
    public static IEnumerable<string> All => Text.Split('\n').SelectMany(Of);

    private static IEnumerable<string> Of(string line) => line.Split(": ", 2) is [var what, var answers] ? answers.Split(" | ").Select(a => $"{what}: {a}") : [line];
}
