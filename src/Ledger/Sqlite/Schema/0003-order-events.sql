-- The changes of orders, for those who follow them: one row a commit, with every change of it packed into the body.
-- Ids of changes are first, first + 1, …; pruning leaves the last row, so that no id comes twice.
CREATE TABLE order_events (
    first INTEGER NOT NULL PRIMARY KEY,
    count INTEGER NOT NULL,
    at INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;

-- The order that this one is put in the place of.
ALTER TABLE orders ADD COLUMN replaces TEXT;
CREATE INDEX orders_replaces ON orders (replaces) WHERE replaces IS NOT NULL;

-- How often the secret of the strategy's notices was changed; the secret itself is nowhere in this file.
ALTER TABLE strategies ADD COLUMN secret_generation INTEGER NOT NULL DEFAULT 0;

-- What strategies were told. State 0: the telling goes on.
CREATE TABLE strategy_notices (
    stop_id TEXT NOT NULL,
    strategy_id TEXT NOT NULL,
    kind INTEGER NOT NULL,
    id TEXT NOT NULL,
    target TEXT NOT NULL,
    reason_code INTEGER NOT NULL,
    decided_at INTEGER NOT NULL,
    state INTEGER NOT NULL,
    at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    why TEXT,
    PRIMARY KEY (stop_id, strategy_id, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX strategy_notices_pending ON strategy_notices (at) WHERE state = 0;
