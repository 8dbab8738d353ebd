-- Orders that never left (state 7), by when that was learned: those of which it was only concluded stay watched,
-- whether or not a stop owed them.
CREATE INDEX orders_never_sent ON orders (updated_at) WHERE state = 7;
DROP INDEX outcomes_inferred;

-- The newest closing order of a position, of whatever stop: one that was sized before it came is not inserted.
CREATE INDEX orders_closings ON orders (account_id, symbol, number) WHERE origin = 1;
