-- The outbox: each event stands in the commit that made it happen. Pruning leaves the last row, so that no id comes twice.
CREATE TABLE events (
    id INTEGER NOT NULL PRIMARY KEY,
    type TEXT NOT NULL,
    subject TEXT NOT NULL,
    at INTEGER NOT NULL,
    audience TEXT NOT NULL,
    data TEXT NOT NULL
) STRICT;

-- How far each handler of events is, and which process delivers to it until when.
CREATE TABLE event_consumers (
    name TEXT NOT NULL PRIMARY KEY,
    position INTEGER NOT NULL,
    holder TEXT NOT NULL,
    held_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Events that a handler could not take in, for people to see. State 0 waits for one, 1 is tried again.
CREATE TABLE events_set_aside (
    number INTEGER NOT NULL PRIMARY KEY,
    consumer TEXT NOT NULL,
    source TEXT NOT NULL,
    event_id TEXT NOT NULL,
    type TEXT NOT NULL,
    subject TEXT NOT NULL,
    time INTEGER NOT NULL,
    data TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    why TEXT NOT NULL,
    at INTEGER NOT NULL,
    state INTEGER NOT NULL,
    settled_by TEXT,
    settled_at INTEGER,
    reason TEXT
) STRICT;
CREATE INDEX events_set_aside_open ON events_set_aside (state, consumer) WHERE state IN (0, 1);
