-- Orders that never left (state 7), by when that was learned: those of which it was only concluded stay watched,
-- whether or not a stop owed them.
CREATE INDEX orders_never_sent ON orders (updated_at) WHERE state = 7;
DROP INDEX outcomes_inferred;
