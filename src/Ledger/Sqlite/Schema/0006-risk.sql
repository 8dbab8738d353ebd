-- The risk rules, one row a version; none is ever changed. The body is the rule as JSON.
CREATE TABLE risk_rules (
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    deleted INTEGER NOT NULL,
    source INTEGER NOT NULL,
    written_by TEXT NOT NULL,
    at INTEGER NOT NULL,
    reason TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (id, version)
) STRICT, WITHOUT ROWID;

-- What a guard must not forget: the last breach, the peak, the day's start, the re-basing. An empty strategy: the whole book.
CREATE TABLE risk_watches (
    user_id TEXT NOT NULL,
    rule_id TEXT NOT NULL,
    strategy_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (user_id, rule_id, strategy_id)
) STRICT, WITHOUT ROWID;

-- The dead-man's switches. Beats are counted, so that a reader sees by its own clock when there were none.
CREATE TABLE heartbeats (
    name TEXT NOT NULL PRIMARY KEY,
    arming INTEGER NOT NULL,
    state INTEGER NOT NULL,
    beats INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
