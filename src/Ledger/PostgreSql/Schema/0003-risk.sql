-- The risk rules, one row a version; none is ever changed. The body is the rule as JSON.
CREATE TABLE risk_rules (
    id word NOT NULL,
    version bigint NOT NULL,
    deleted smallint NOT NULL,
    source smallint NOT NULL,
    written_by word NOT NULL,
    at bigint NOT NULL,
    reason word NOT NULL,
    body word NOT NULL,
    PRIMARY KEY (id, version)
);

-- What a guard must not forget: the last breach, the peak, the day's start, the re-basing. An empty strategy: the whole book.
CREATE TABLE risk_watches (
    user_id word NOT NULL,
    rule_id word NOT NULL,
    strategy_id word NOT NULL,
    revision bigint NOT NULL,
    body word NOT NULL,
    PRIMARY KEY (user_id, rule_id, strategy_id)
);

-- The dead-man's switches. Beats are counted, so that a reader sees by its own clock when there were none.
CREATE TABLE heartbeats (
    name word NOT NULL PRIMARY KEY,
    arming bigint NOT NULL,
    state smallint NOT NULL,
    beats bigint NOT NULL,
    body word NOT NULL
);
