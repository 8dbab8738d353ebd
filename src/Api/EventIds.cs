namespace EmergencyStop.Api;

/// <summary>The ids of this project's log events; 4000 to 4099.</summary>
internal static class EventIds
{
    public const int Failed = 4000;
    public const int LedgerUnavailable = 4001;
    public const int PartUnavailable = 4002;
    public const int ProblemAnswered = 4003;
    public const int ProblemsLeftOut = 4004;
    public const int Refused = 4010;
    public const int RefusalNotAudited = 4011;
    public const int AnswerNotRemembered = 4020;
    public const int StopAsked = 4030;
    public const int ReleaseAsked = 4031;
    public const int StopAnswered = 4032;
    public const int SignedIn = 4040;
    public const int NoPreview = 4041;
    public const int PartUnreadable = 4042;
    public const int RulesFileTaken = 4050;
    public const int RulesFileWrong = 4051;
    public const int RulesFileNotTaken = 4052;
}
