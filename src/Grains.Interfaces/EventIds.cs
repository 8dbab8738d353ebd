namespace EmergencyStop;

/// <summary>Every log event id of the service, in one place, so that alerts can rely on them.</summary>
public static class EventIds
{
    /// <summary>A stop's gate is closed.</summary>
    public const int StopEngaged = 1000;

    /// <summary>A stop's flow has ended a pass.</summary>
    public const int StopPassed = 1001;

    /// <summary>A stop is completed.</summary>
    public const int StopCompleted = 1002;

    /// <summary>A stop has unmet obligations after its first passes.</summary>
    public const int StopOutstanding = 1003;

    /// <summary>A pass of a stop failed and is tried again.</summary>
    public const int StopPassFailed = 1004;

    /// <summary>A coordinator could not be reached; another process carries the stop on.</summary>
    public const int CoordinatorUnreachable = 1005;

    /// <summary>A stop was released.</summary>
    public const int StopReleased = 1006;

    /// <summary>A coordinator's grain state could not be written; the ledger has it all.</summary>
    public const int CoordinatorStateStale = 1007;

    /// <summary>A slice of a sweep failed and is tried again.</summary>
    public const int SliceFailed = 1008;

    /// <summary>A debt was given up by name.</summary>
    public const int ObligationWaived = 1020;

    /// <summary>A part of a stopped target was carved out.</summary>
    public const int StopExcepted = 1021;

    /// <summary>A carved-out part was put back.</summary>
    public const int StopPutBack = 1022;

    /// <summary>A standing stop was told to close positions too.</summary>
    public const int StopEscalated = 1023;

    /// <summary>A stop was narrowed to those who owe it something.</summary>
    public const int StopNarrowed = 1024;

    /// <summary>A reduce-only order was sent past a closed gate.</summary>
    public const int OrderPastGate = 1025;

    /// <summary>Stops and orders that a process left behind were taken up.</summary>
    public const int TakenUp = 1100;

    /// <summary>The background reader failed once and goes on.</summary>
    public const int RecoveryFailed = 1101;

    /// <summary>The ledger is behind a number that was seen: SYSTEM is latched.</summary>
    public const int LedgerRolledBack = 1102;

    /// <summary>The ledger's number could not be noted beside it.</summary>
    public const int NumberNotNoted = 1103;

    /// <summary>The ledger cannot be used; orders are refused, stops brake.</summary>
    public const int LedgerDown = 1150;

    /// <summary>The ledger can be used again.</summary>
    public const int LedgerBack = 1151;

    /// <summary>A stop is not recorded: it brakes, and is recorded later.</summary>
    public const int StopBraked = 1152;

    /// <summary>A stop that braked is recorded.</summary>
    public const int StopReplayed = 1153;

    /// <summary>A stop that braked could not be recorded for a reason that does not pass by itself.</summary>
    public const int ReplayFailed = 1154;

    /// <summary>A look at a venue for a stop that brakes has failed and is tried again.</summary>
    public const int BrakeFailed = 1155;

    /// <summary>The mirror's file could not be written; memory has it.</summary>
    public const int MirrorNotWritten = 1156;

    /// <summary>Records of the spool were torn: they were never answered, and are not read as stops.</summary>
    public const int SpoolTorn = 1157;

    /// <summary>A spooled record could not be taken out after its stop was recorded; it is tried again.</summary>
    public const int SpoolNotCleared = 1158;

    /// <summary>An order turned up behind a closed gate.</summary>
    public const int TurnedUp = 1220;

    /// <summary>Looking at an account behind a closed gate failed and is tried again.</summary>
    public const int WatchFailed = 1221;

    /// <summary>An account behind a closed gate cannot be read.</summary>
    public const int WatchBlind = 1222;

    /// <summary>It can be read again.</summary>
    public const int WatchSees = 1223;

    /// <summary>The venue's links could not be tried.</summary>
    public const int HeartbeatFailed = 1224;

    /// <summary>A venue's updates could not be delivered to a grain.</summary>
    public const int UpdatesFailed = 1200;

    /// <summary>A venue told faster than its updates could be taken in; the books are read again.</summary>
    public const int UpdatesOverflowed = 1201;

    /// <summary>Old order events could not be dropped.</summary>
    public const int PruningFailed = 1202;

    /// <summary>Looking for orders that nobody follows failed.</summary>
    public const int OrderRecoveryFailed = 1203;

    /// <summary>A notice to a strategy could not be told or recorded.</summary>
    public const int NoticeFailed = 1210;

    /// <summary>A risk rule has reached a warning level.</summary>
    public const int RiskWarned = 1300;

    /// <summary>A risk rule is broken; what that leads to stands beside.</summary>
    public const int RiskBroken = 1301;

    /// <summary>A risk rule's figure is well below its level again.</summary>
    public const int RiskEased = 1302;

    /// <summary>A stop stands for a broken risk rule.</summary>
    public const int RiskStopped = 1303;

    /// <summary>A risk rule measures anew, after the release of its stop.</summary>
    public const int RiskRebased = 1304;

    /// <summary>A risk rule threw while it was judged.</summary>
    public const int RiskRuleFailed = 1305;

    /// <summary>What is kept of a watch could not be written.</summary>
    public const int RiskNotSaved = 1306;

    /// <summary>A watched account cannot be read.</summary>
    public const int RiskBlind = 1307;

    /// <summary>It can be read again.</summary>
    public const int RiskSees = 1308;

    /// <summary>Watching the risk rules failed once and goes on.</summary>
    public const int RiskReaderFailed = 1309;

    /// <summary>A dead-man's switch has fired.</summary>
    public const int HeartbeatMissed = 1320;

    /// <summary>Watching the switches failed once and goes on.</summary>
    public const int HeartbeatsFailed = 1321;

    /// <summary>A process stood still; that time is no switch's silence.</summary>
    public const int HeartbeatsStoodStill = 1322;

    /// <summary>A handler of events failed once and is tried again.</summary>
    public const int EventAttemptFailed = 1400;

    /// <summary>An event is set aside: no handler takes it in, and a person must look.</summary>
    public const int EventSetAside = 1401;

    /// <summary>A handler has missed events for good.</summary>
    public const int EventsLost = 1402;

    /// <summary>Delivery to a handler was interrupted and goes on.</summary>
    public const int EventDeliveryInterrupted = 1403;

    /// <summary>An event asks for a stop.</summary>
    public const int EmergencyStopEvent = 1404;

    /// <summary>A gateway has reached the cluster.</summary>
    public const int ClusterReached = 1500;

    /// <summary>A silo ends, as it cannot go on in the cluster.</summary>
    public const int SiloEnds = 1501;
}
