-- Times are microseconds since 1970 UTC, decimals canonical text, enumerations the frozen numbers of their types.
-- Text compares by its bytes, whatever the database's locale is: pages and keys are in one order everywhere.
CREATE DOMAIN word AS text COLLATE "C";

-- The one order of admissions, engages, releases, pauses and resumes. Drawn under the gate lock only.
CREATE SEQUENCE numbers;

-- One row, changed only under the exclusive gate lock: the last number that was drawn there, and a version that changes
-- with every latch and pause.
CREATE TABLE gate_state (
    id smallint NOT NULL PRIMARY KEY CHECK (id = 1),
    number bigint NOT NULL,
    version bigint NOT NULL
);
INSERT INTO gate_state VALUES (1, 0, 1);

-- The head of the audit's chain, and the last id of the outbox. Locked last in every transaction that appends to either, with
-- the commit in the same message: so both are without gaps in the order of commits.
CREATE TABLE audit_head (
    id smallint NOT NULL PRIMARY KEY CHECK (id = 1),
    sequence bigint NOT NULL,
    hash word NOT NULL,
    event_id bigint NOT NULL
);
INSERT INTO audit_head VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000', 0);

-- Written to see whether a commit works; and which ledger this is, so that another one is not taken for it.
CREATE TABLE pulse (
    id smallint NOT NULL PRIMARY KEY CHECK (id = 1),
    ledger_id uuid NOT NULL
);
INSERT INTO pulse VALUES (1, gen_random_uuid());

CREATE TABLE stops (
    number bigint NOT NULL PRIMARY KEY,
    id word NOT NULL UNIQUE,
    target word NOT NULL,
    options bigint NOT NULL,
    reason_code smallint NOT NULL,
    reason word NOT NULL,
    key_id word NOT NULL,
    key_name word NOT NULL,
    key_role smallint NOT NULL,
    key_user word,
    requested_at bigint NOT NULL,
    idempotency_key word,
    body_hash word,
    engaged_at bigint NOT NULL,
    book_user word,
    state smallint NOT NULL,
    gate_closed bigint,
    last_new_order_sent bigint,
    last_cancel_sent bigint,
    cancels_confirmed bigint,
    flat bigint,
    unprotected word NOT NULL,
    finished_at bigint,
    release_number bigint,
    released_by word,
    released_at bigint,
    release_reason word,
    orders_cancelled bigint NOT NULL DEFAULT 0,
    strategies_paused bigint NOT NULL DEFAULT 0,
    positions_closed bigint NOT NULL DEFAULT 0,
    narrow_number bigint,
    narrowed_by word,
    narrowed_at bigint,
    narrow_reason word,
    again_number bigint,
    again_at bigint,
    next_try bigint
);
CREATE UNIQUE INDEX stops_idempotency ON stops (key_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX stops_target ON stops (target, number);
CREATE INDEX stops_book ON stops (book_user, number) WHERE book_user IS NOT NULL;
CREATE INDEX stops_unfinished ON stops (number) WHERE state <> 1;

CREATE TABLE latches (
    stop bigint NOT NULL,
    target word NOT NULL,
    PRIMARY KEY (target, stop)
);
CREATE INDEX latches_stop ON latches (stop);

-- In force while put_back is null. Both numbers are drawn from the gate.
CREATE TABLE carve_outs (
    stop bigint NOT NULL,
    number bigint NOT NULL,
    target word NOT NULL,
    made_by word NOT NULL,
    at bigint NOT NULL,
    reason word NOT NULL,
    put_back bigint,
    PRIMARY KEY (stop, number, target)
);
CREATE UNIQUE INDEX carve_outs_in_force ON carve_outs (stop, target) WHERE put_back IS NULL;

CREATE TABLE outcomes (
    stop bigint NOT NULL,
    kind smallint NOT NULL,
    item word NOT NULL,
    outcome smallint NOT NULL,
    at bigint NOT NULL,
    duration bigint NOT NULL,
    filled word,
    phase word,
    reason word,
    attempts bigint NOT NULL,
    next_try bigint,
    inferred smallint NOT NULL,
    since bigint NOT NULL,
    PRIMARY KEY (stop, kind, item)
);
CREATE INDEX outcomes_unmet ON outcomes (stop) WHERE outcome IN (7, 8);
CREATE INDEX outcomes_never_sent ON outcomes (item) WHERE outcome = 1;
CREATE INDEX outcomes_waived ON outcomes (stop) WHERE outcome = 9;
CREATE INDEX outcomes_waived_item ON outcomes (item) WHERE outcome = 9;

-- An order is active while ended_after is null: it leaves the partial indexes with its end, so that they stay small.
CREATE TABLE orders (
    number bigint NOT NULL PRIMARY KEY,
    id word NOT NULL UNIQUE,
    user_id word NOT NULL,
    partition smallint NOT NULL,
    strategy_id word,
    symbol word NOT NULL,
    side smallint NOT NULL,
    type smallint NOT NULL,
    quantity word NOT NULL,
    limit_price word,
    stop_price word,
    trail_price word,
    trail_percent word,
    time_in_force smallint NOT NULL,
    protective smallint NOT NULL,
    reduce_only smallint NOT NULL,
    client_order_id word,
    account_id word NOT NULL,
    state smallint NOT NULL,
    admitted_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    venue_order_id word,
    filled word NOT NULL,
    average_price word,
    sent_at bigint,
    reason word,
    origin smallint NOT NULL,
    stop_id word,
    attempt integer NOT NULL,
    ended_after bigint,
    replaces word
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX orders_client ON orders (user_id, client_order_id) WHERE client_order_id IS NOT NULL;
CREATE INDEX orders_active_user ON orders (partition, user_id, number) WHERE ended_after IS NULL;
CREATE INDEX orders_active_strategy ON orders (strategy_id, number) WHERE ended_after IS NULL AND strategy_id IS NOT NULL;
CREATE INDEX orders_active_symbol ON orders (symbol, number) WHERE ended_after IS NULL;
CREATE INDEX orders_active ON orders (number) WHERE ended_after IS NULL;
CREATE INDEX orders_active_venue ON orders (account_id, venue_order_id) WHERE ended_after IS NULL AND venue_order_id IS NOT NULL;
CREATE INDEX orders_unclear ON orders (user_id, number) WHERE ended_after IS NULL AND state IN (0, 2);
CREATE INDEX orders_ended ON orders (ended_after) WHERE ended_after IS NOT NULL;
CREATE INDEX orders_stop ON orders (stop_id, account_id, symbol, attempt) WHERE stop_id IS NOT NULL;
CREATE UNIQUE INDEX orders_closing ON orders (account_id, symbol) WHERE origin = 1 AND ended_after IS NULL;
CREATE INDEX orders_closings ON orders (account_id, symbol, number) WHERE origin = 1;
CREATE UNIQUE INDEX orders_adopted ON orders (account_id, venue_order_id) WHERE origin = 2;
CREATE INDEX orders_replaces ON orders (replaces) WHERE replaces IS NOT NULL;
CREATE INDEX orders_never_sent ON orders (updated_at) WHERE state = 7;

-- The last number drawn: under the exclusive lock, or by the newest order. Only what is committed counts.
CREATE VIEW gate AS
SELECT greatest(g.number, coalesce((SELECT max(o.number) FROM orders o), 0)) AS number, g.version, 0::bigint AS reopened,
    h.sequence AS audit_sequence, h.hash AS audit_hash
FROM gate_state g, audit_head h;

CREATE TABLE positions (
    account_id word NOT NULL,
    symbol word NOT NULL,
    strategy_id word NOT NULL,
    user_id word NOT NULL,
    quantity word NOT NULL,
    PRIMARY KEY (account_id, symbol, strategy_id, user_id)
);
CREATE INDEX positions_user ON positions (user_id);
CREATE INDEX positions_strategy ON positions (strategy_id);
CREATE INDEX positions_symbol ON positions (symbol);

CREATE TABLE strategies (
    id word NOT NULL PRIMARY KEY,
    user_id word NOT NULL,
    name word,
    callback_url word,
    registered_at bigint NOT NULL,
    secret_generation bigint NOT NULL DEFAULT 0
);
CREATE INDEX strategies_user ON strategies (user_id, id);

-- For whom a strategy has ever placed an order.
CREATE TABLE strategy_users (
    user_id word NOT NULL,
    strategy_id word NOT NULL,
    PRIMARY KEY (user_id, strategy_id)
);
CREATE INDEX strategy_users_strategy ON strategy_users (strategy_id);

-- In force while paused_at exceeds resumed_at.
CREATE TABLE pauses (
    strategy_id word NOT NULL,
    target word NOT NULL,
    stop_id word NOT NULL,
    paused_at bigint NOT NULL,
    resumed_at bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (strategy_id, target)
);
CREATE INDEX pauses_in_force ON pauses (stop_id) WHERE paused_at > resumed_at;

CREATE TABLE audit (
    sequence bigint NOT NULL PRIMARY KEY,
    at bigint NOT NULL,
    actor word NOT NULL,
    action word NOT NULL,
    subject word NOT NULL,
    details word NOT NULL,
    previous_hash word NOT NULL,
    hash word NOT NULL
);

CREATE TABLE api_keys (
    id word NOT NULL PRIMARY KEY,
    name word NOT NULL,
    role smallint NOT NULL,
    user_id word,
    hash word NOT NULL UNIQUE,
    created_at bigint NOT NULL,
    revoked_at bigint
);

CREATE TABLE answers (
    key_id word NOT NULL,
    idempotency_key word NOT NULL,
    body_hash word NOT NULL,
    status integer NOT NULL,
    content_type word NOT NULL,
    body word NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (key_id, idempotency_key)
);

-- What strategies were told. State 0: the telling goes on.
CREATE TABLE strategy_notices (
    stop_id word NOT NULL,
    strategy_id word NOT NULL,
    kind smallint NOT NULL,
    id word NOT NULL,
    target word NOT NULL,
    reason_code smallint NOT NULL,
    decided_at bigint NOT NULL,
    state smallint NOT NULL,
    at bigint NOT NULL,
    attempts integer NOT NULL,
    why word,
    PRIMARY KEY (stop_id, strategy_id, kind)
);
CREATE INDEX strategy_notices_pending ON strategy_notices (at) WHERE state = 0;

-- The changes of orders, for those who follow them; tx is the commit that made one. What an order was admitted with stands
-- in its row and never changes; here is what does. Ids grow, and a gap means nothing.
CREATE TABLE order_events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
    kind smallint NOT NULL,
    number bigint NOT NULL,
    at bigint NOT NULL,
    state smallint,
    filled word,
    average_price word,
    venue_order_id word,
    sent_at bigint,
    reason word
);

-- The outbox: each event stands in the commit that made it happen. Pruning leaves the last row, so that no id comes twice.
CREATE TABLE events (
    id bigint NOT NULL PRIMARY KEY,
    type word NOT NULL,
    subject word NOT NULL,
    at bigint NOT NULL,
    audience word NOT NULL,
    data word NOT NULL
);

-- How far each handler of events is, and which process delivers to it until when.
CREATE TABLE event_consumers (
    name word NOT NULL PRIMARY KEY,
    position bigint NOT NULL,
    holder word NOT NULL,
    held_until bigint NOT NULL
);

-- Events that a handler could not take in, for people to see. State 0 waits for one, 1 is tried again.
CREATE TABLE events_set_aside (
    number bigint NOT NULL PRIMARY KEY,
    consumer word NOT NULL,
    source word NOT NULL,
    event_id word NOT NULL,
    type word NOT NULL,
    subject word NOT NULL,
    time bigint NOT NULL,
    data word NOT NULL,
    attempts integer NOT NULL,
    why word NOT NULL,
    at bigint NOT NULL,
    state smallint NOT NULL,
    settled_by word,
    settled_at bigint,
    reason word
);
CREATE INDEX events_set_aside_open ON events_set_aside (state, consumer) WHERE state IN (0, 1);

-- Lists as JSON, spelt as SQLite spells them, so that both ledgers are read by the same text.
CREATE FUNCTION json_group_add(list jsonb, item text) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$ SELECT list || to_jsonb(item) $$;
CREATE FUNCTION json_group_add(list jsonb, item jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$ SELECT list || jsonb_build_array(item) $$;
CREATE AGGREGATE json_group_array(text) (SFUNC = json_group_add, STYPE = jsonb, INITCOND = '[]');
CREATE AGGREGATE json_group_array(jsonb) (SFUNC = json_group_add, STYPE = jsonb, INITCOND = '[]');
