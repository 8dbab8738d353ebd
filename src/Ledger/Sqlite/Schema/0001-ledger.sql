-- Times are microseconds since 1970 UTC, decimals canonical text, enumerations the frozen numbers of their types.

-- One row, changed only under the write lock: the last number drawn, a version that changes with every latch and pause,
-- how often an ended order became active again, and the head of the audit.
CREATE TABLE gate (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    number INTEGER NOT NULL,
    version INTEGER NOT NULL,
    reopened INTEGER NOT NULL,
    audit_sequence INTEGER NOT NULL,
    audit_hash TEXT NOT NULL
) STRICT;
INSERT INTO gate VALUES (1, 0, 1, 0, 0, '0000000000000000000000000000000000000000000000000000000000000000');

CREATE TABLE stops (
    number INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    target TEXT NOT NULL,
    options INTEGER NOT NULL,
    reason_code INTEGER NOT NULL,
    reason TEXT NOT NULL,
    key_id TEXT NOT NULL,
    key_name TEXT NOT NULL,
    key_role INTEGER NOT NULL,
    key_user TEXT,
    requested_at INTEGER NOT NULL,
    idempotency_key TEXT,
    body_hash TEXT,
    engaged_at INTEGER NOT NULL,
    book_user TEXT,
    state INTEGER NOT NULL,
    gate_closed INTEGER,
    last_new_order_sent INTEGER,
    last_cancel_sent INTEGER,
    cancels_confirmed INTEGER,
    flat INTEGER,
    unprotected TEXT NOT NULL,
    finished_at INTEGER,
    release_number INTEGER,
    released_by TEXT,
    released_at INTEGER,
    release_reason TEXT,
    orders_cancelled INTEGER NOT NULL DEFAULT 0,
    strategies_paused INTEGER NOT NULL DEFAULT 0,
    positions_closed INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX stops_idempotency ON stops (key_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX stops_target ON stops (target);
CREATE INDEX stops_book ON stops (book_user) WHERE book_user IS NOT NULL;
CREATE INDEX stops_unfinished ON stops (number) WHERE state <> 1;

CREATE TABLE latches (
    stop INTEGER NOT NULL PRIMARY KEY,
    target TEXT NOT NULL
) STRICT;

CREATE TABLE outcomes (
    stop INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    item TEXT NOT NULL,
    outcome INTEGER NOT NULL,
    at INTEGER NOT NULL,
    duration INTEGER NOT NULL,
    filled TEXT,
    phase TEXT,
    reason TEXT,
    attempts INTEGER NOT NULL,
    next_try INTEGER,
    inferred INTEGER NOT NULL,
    PRIMARY KEY (stop, kind, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX outcomes_unmet ON outcomes (stop) WHERE outcome IN (7, 8);
CREATE INDEX outcomes_never_sent ON outcomes (item) WHERE outcome = 1;
CREATE INDEX outcomes_inferred ON outcomes (at) WHERE outcome = 1 AND inferred = 1;

-- An order is active while ended_after is null. Every index that a placed order enters grows at its end, so that an
-- admission writes few pages; who looks for the orders of a user, a strategy or a symbol has an index in memory.
CREATE TABLE orders (
    number INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL,
    partition INTEGER NOT NULL,
    strategy_id TEXT,
    symbol TEXT NOT NULL,
    side INTEGER NOT NULL,
    type INTEGER NOT NULL,
    quantity TEXT NOT NULL,
    limit_price TEXT,
    stop_price TEXT,
    trail_price TEXT,
    trail_percent TEXT,
    time_in_force INTEGER NOT NULL,
    protective INTEGER NOT NULL,
    reduce_only INTEGER NOT NULL,
    client_order_id TEXT,
    account_id TEXT NOT NULL,
    state INTEGER NOT NULL,
    admitted_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    venue_order_id TEXT,
    filled TEXT NOT NULL,
    average_price TEXT,
    sent_at INTEGER,
    reason TEXT,
    origin INTEGER NOT NULL,
    stop_id TEXT,
    attempt INTEGER NOT NULL,
    ended_after INTEGER
) STRICT;
CREATE UNIQUE INDEX orders_client ON orders (client_order_id, user_id) WHERE client_order_id IS NOT NULL;
CREATE INDEX orders_active ON orders (number) WHERE ended_after IS NULL;
CREATE INDEX orders_ended ON orders (ended_after) WHERE ended_after IS NOT NULL;
CREATE INDEX orders_stop ON orders (stop_id, account_id, symbol, attempt) WHERE stop_id IS NOT NULL;
CREATE UNIQUE INDEX orders_closing ON orders (account_id, symbol) WHERE origin = 1 AND ended_after IS NULL;
CREATE UNIQUE INDEX orders_adopted ON orders (account_id, venue_order_id) WHERE origin = 2;

CREATE TABLE positions (
    account_id TEXT NOT NULL,
    symbol TEXT NOT NULL,
    strategy_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    quantity TEXT NOT NULL,
    PRIMARY KEY (account_id, symbol, strategy_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX positions_user ON positions (user_id);
CREATE INDEX positions_strategy ON positions (strategy_id);
CREATE INDEX positions_symbol ON positions (symbol);

CREATE TABLE strategies (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL,
    name TEXT,
    callback_url TEXT,
    registered_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX strategies_user ON strategies (user_id);

-- For whom a strategy has ever placed an order.
CREATE TABLE strategy_users (
    user_id TEXT NOT NULL,
    strategy_id TEXT NOT NULL,
    PRIMARY KEY (user_id, strategy_id)
) STRICT, WITHOUT ROWID;

-- In force while paused_at exceeds resumed_at.
CREATE TABLE pauses (
    strategy_id TEXT NOT NULL,
    target TEXT NOT NULL,
    stop_id TEXT NOT NULL,
    paused_at INTEGER NOT NULL,
    resumed_at INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (strategy_id, target)
) STRICT, WITHOUT ROWID;
CREATE INDEX pauses_in_force ON pauses (stop_id) WHERE paused_at > resumed_at;

CREATE TABLE audit (
    sequence INTEGER NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    details TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;

CREATE TABLE api_keys (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    role INTEGER NOT NULL,
    user_id TEXT,
    hash TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE answers (
    key_id TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    status INTEGER NOT NULL,
    content_type TEXT NOT NULL,
    body TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (key_id, idempotency_key)
) STRICT, WITHOUT ROWID;
