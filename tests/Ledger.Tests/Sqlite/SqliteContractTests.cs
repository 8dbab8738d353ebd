using EmergencyStop.Ledger.Tests.Contract;

namespace EmergencyStop.Ledger.Tests.Sqlite;

// The contract of a ledger, kept by one in an SQLite file.

public sealed class SqliteAdmissionTests() : AdmissionTests(LedgerKind.Sqlite);

public sealed class SqliteAuditTests() : AuditTests(LedgerKind.Sqlite);

public sealed class SqliteCarveOutHammerTests() : CarveOutHammerTests(LedgerKind.Sqlite);

public sealed class SqliteCarveOutTests() : CarveOutTests(LedgerKind.Sqlite);

public sealed class SqliteEngageTests() : EngageTests(LedgerKind.Sqlite);

public sealed class SqliteEvidenceTests() : EvidenceTests(LedgerKind.Sqlite);

public sealed class SqliteNarrowingTests() : NarrowingTests(LedgerKind.Sqlite);

public sealed class SqliteNoSlipTests() : NoSlipTests(LedgerKind.Sqlite);

public sealed class SqliteOrderEventTests() : OrderEventTests(LedgerKind.Sqlite);

public sealed class SqliteOutcomeTests() : OutcomeTests(LedgerKind.Sqlite);

public sealed class SqlitePageTests() : PageTests(LedgerKind.Sqlite);

public sealed class SqlitePastGateTests() : PastGateTests(LedgerKind.Sqlite);

public sealed class SqliteReleaseTests() : ReleaseTests(LedgerKind.Sqlite);

public sealed class SqliteScopeTests() : ScopeTests(LedgerKind.Sqlite);

public sealed class SqliteStrategyTests() : StrategyTests(LedgerKind.Sqlite);

public sealed class SqliteUnclearTests() : UnclearTests(LedgerKind.Sqlite);

public sealed class SqliteVenueRowTests() : VenueRowTests(LedgerKind.Sqlite);

public sealed class SqliteWaiverTests() : WaiverTests(LedgerKind.Sqlite);

public sealed class SqliteEventTests() : EventTests(LedgerKind.Sqlite);

public sealed class SqliteEventConsumerTests() : EventConsumerTests(LedgerKind.Sqlite);
