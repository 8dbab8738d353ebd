using EmergencyStop.Ledger.Tests.Contract;

namespace EmergencyStop.Ledger.Tests.PostgreSql;

// The contract of a ledger, kept by one in a PostgreSQL server.

public sealed class PostgreSqlAdmissionTests() : AdmissionTests(LedgerKind.PostgreSql);

public sealed class PostgreSqlAuditTests() : AuditTests(LedgerKind.PostgreSql);

public sealed class PostgreSqlCarveOutHammerTests() : CarveOutHammerTests(LedgerKind.PostgreSql);

public sealed class PostgreSqlCarveOutTests() : CarveOutTests(LedgerKind.PostgreSql);

public sealed class PostgreSqlEngageTests() : EngageTests(LedgerKind.PostgreSql);

public sealed class PostgreSqlEvidenceTests() : EvidenceTests(LedgerKind.PostgreSql);

public sealed class PostgreSqlNarrowingTests() : NarrowingTests(LedgerKind.PostgreSql);

public sealed class PostgreSqlNoSlipTests() : NoSlipTests(LedgerKind.PostgreSql);

public sealed class PostgreSqlOrderEventTests() : OrderEventTests(LedgerKind.PostgreSql);

public sealed class PostgreSqlOutcomeTests() : OutcomeTests(LedgerKind.PostgreSql);

public sealed class PostgreSqlPageTests() : PageTests(LedgerKind.PostgreSql);

public sealed class PostgreSqlPastGateTests() : PastGateTests(LedgerKind.PostgreSql);

public sealed class PostgreSqlReleaseTests() : ReleaseTests(LedgerKind.PostgreSql);

public sealed class PostgreSqlScopeTests() : ScopeTests(LedgerKind.PostgreSql);

public sealed class PostgreSqlStrategyTests() : StrategyTests(LedgerKind.PostgreSql);

public sealed class PostgreSqlUnclearTests() : UnclearTests(LedgerKind.PostgreSql);

public sealed class PostgreSqlVenueRowTests() : VenueRowTests(LedgerKind.PostgreSql);

public sealed class PostgreSqlWaiverTests() : WaiverTests(LedgerKind.PostgreSql);

public sealed class PostgreSqlEventTests() : EventTests(LedgerKind.PostgreSql);

public sealed class PostgreSqlEventConsumerTests() : EventConsumerTests(LedgerKind.PostgreSql);
