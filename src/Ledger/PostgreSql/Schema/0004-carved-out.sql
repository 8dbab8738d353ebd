-- An order that is carved out of a stop is refused while that stop's mass cancel of the account is not known to be over: it
-- would be hit. A process that could not reach the ledger may tell of such a mass cancel after the part was carved out.

-- The first stop over an order, refusing or sparing it, whose mass cancel of the account is not known to be over. OFFSET 0
-- keeps the planner from other ways than the one that is always short: the few latches over the order, and one outcome of each.
CREATE FUNCTION ledger_mass_cancelling(a_targets text[], a_account text, OUT stop bigint, OUT target text) RETURNS SETOF record
LANGUAGE sql STABLE AS $$
    SELECT m.stop, m.target::text FROM (
        SELECT l.stop, l.target FROM unnest(a_targets) AS t(target) JOIN latches l ON l.target = t.target
        CROSS JOIN LATERAL (
            SELECT FROM outcomes u WHERE u.stop = l.stop AND u.kind = 3 AND u.item = a_account AND u.outcome IN (7, 8) OFFSET 0) u
        OFFSET 0) m
    ORDER BY m.stop, m.target LIMIT 1
$$;

-- Whether an order may pass the gate of one stop: null it may. A stop that came after it still refuses, and so does one
-- whose mass cancel of the account is not known to be over.
CREATE OR REPLACE FUNCTION ledger_past(a_stop text, a_targets text[], a_account text, OUT outcome smallint, OUT stop bigint, OUT target text)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    named bigint := (SELECT s.number FROM stops s WHERE s.id = a_stop);
BEGIN
    IF NOT EXISTS (
        SELECT FROM latches l WHERE l.stop = named AND l.target = ANY (a_targets) AND NOT EXISTS (
            SELECT FROM carve_outs c WHERE c.stop = l.stop AND c.put_back IS NULL AND c.target = ANY (a_targets))) THEN
        outcome := 4;
        RETURN;
    END IF;

    SELECT l.stop, l.target INTO stop, target FROM ledger_latch(a_targets, named) l;
    IF stop IS NULL THEN
        SELECT m.stop, m.target INTO stop, target FROM ledger_mass_cancelling(a_targets, a_account) m;
    END IF;

    outcome := CASE WHEN stop IS NULL THEN NULL ELSE 2 END;
END
$$;

-- Admits orders, in their order. The outcomes: 0 admitted, 1 a row stands in its way, 2 a latch refuses it, 3 a pause does,
-- 4 the stop named does not hold the gate for it, 10 and up why it cannot replace another (then it comes alone).
CREATE OR REPLACE FUNCTION ledger_admit(
    a_id text[], a_user text[], a_partition smallint[], a_strategy text[], a_symbol text[], a_side smallint[], a_type smallint[],
    a_quantity text[], a_limit text[], a_stop text[], a_trail text[], a_trail_percent text[], a_tif smallint[],
    a_protective smallint[], a_reduce smallint[], a_client text[], a_account text[], a_at bigint[], a_fresh boolean[],
    a_replaces text, a_past text, a_past_actor text, a_past_details text)
RETURNS TABLE (place bigint, outcome smallint, number bigint, stop bigint, target text, ref text, version bigint)
LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
DECLARE
    gate_version bigint;
    r_outcome smallint[];
    r_number bigint[];
    r_stop bigint[];
    r_target text[];
    r_ref text[];
    one record;
BEGIN
    PERFORM ledger_isolated();
    PERFORM pg_advisory_xact_lock_shared(18771, 1);
    SELECT g.version INTO gate_version FROM gate_state g;
    IF a_past IS NOT NULL THEN
        SELECT p.outcome, p.stop, p.target INTO one FROM ledger_past(a_past, ledger_targets(a_user[1], a_strategy[1], a_symbol[1]), a_account[1]) p;
        r_outcome := ARRAY[one.outcome]; r_stop := ARRAY[one.stop]; r_target := ARRAY[one.target];
    ELSIF EXISTS (SELECT FROM latches) OR EXISTS (SELECT FROM pauses p WHERE p.paused_at > p.resumed_at) THEN
        SELECT array_agg(CASE WHEN l.stop IS NOT NULL THEN 2 WHEN p.target IS NOT NULL THEN 3 END::smallint ORDER BY a.place),
            array_agg(p.paused_at ORDER BY a.place), array_agg(l.stop ORDER BY a.place),
            array_agg(coalesce(l.target, p.target) ORDER BY a.place), array_agg(p.stop_id::text ORDER BY a.place)
        INTO r_outcome, r_number, r_stop, r_target, r_ref
        FROM unnest(a_user, a_strategy, a_symbol) WITH ORDINALITY AS a(user_id, strategy_id, symbol, place)
        CROSS JOIN LATERAL (SELECT ledger_targets(a.user_id, a.strategy_id, a.symbol) AS all_of) s
        LEFT JOIN LATERAL ledger_latch(s.all_of, 0) l ON true
        LEFT JOIN LATERAL (
            SELECT p.target, p.paused_at, p.stop_id FROM unnest(s.all_of) WITH ORDINALITY AS t(target, place)
            JOIN pauses p ON p.strategy_id = a.strategy_id AND p.target = t.target
            WHERE p.paused_at > p.resumed_at ORDER BY t.place LIMIT 1) p ON l.stop IS NULL;

        IF EXISTS (SELECT FROM carve_outs c WHERE c.put_back IS NULL AND EXISTS (SELECT FROM latches l WHERE l.stop = c.stop OFFSET 0)) THEN
            FOR one IN
                SELECT a.place, m.stop, m.target
                FROM unnest(a_user, a_strategy, a_symbol, a_account) WITH ORDINALITY AS a(user_id, strategy_id, symbol, account, place)
                CROSS JOIN LATERAL ledger_mass_cancelling(ledger_targets(a.user_id, a.strategy_id, a.symbol), a.account) m
                WHERE r_outcome[a.place::int] IS NULL
            LOOP
                r_outcome[one.place] := 2; r_stop[one.place] := one.stop; r_target[one.place] := one.target;
            END LOOP;
        END IF;
    ELSE
        r_outcome := array_fill(NULL::smallint, ARRAY[cardinality(a_id)]);
    END IF;

    IF a_replaces IS NOT NULL AND r_outcome[1] IS NULL THEN
        SELECT w.outcome, w.number, w.ref INTO one FROM ledger_why_not_replace(a_replaces, a_user[1], a_account[1]) w;
        r_outcome := ARRAY[nullif(one.outcome, 0)]; r_number := ARRAY[one.number]; r_ref := ARRAY[one.ref];
    END IF;

    IF true = ANY (a_fresh) THEN
        PERFORM ledger_know(array_agg(k.strategy ORDER BY k.place), array_agg(k.owner ORDER BY k.place), array_agg(k.at ORDER BY k.place))
        FROM unnest(a_strategy, a_user, a_at, a_fresh, r_outcome) WITH ORDINALITY AS k(strategy, owner, at, fresh, refused, place)
        WHERE k.fresh AND k.refused IS NULL;
    END IF;

    PERFORM pg_current_xact_id();
    RETURN QUERY
    WITH asked AS MATERIALIZED (
        SELECT a.*, coalesce(
            (SELECT o.number FROM orders o WHERE o.id = a.id),
            CASE WHEN a.client IS NOT NULL THEN (SELECT o.number FROM orders o WHERE o.user_id = a.user_id AND o.client_order_id = a.client) END) AS same
        FROM unnest(
            a_id, a_user, a_partition, a_strategy, a_symbol, a_side, a_type, a_quantity, a_limit, a_stop, a_trail, a_trail_percent, a_tif,
            a_protective, a_reduce, a_client, a_account, a_at, r_outcome) WITH ORDINALITY AS a(
            id, user_id, partition, strategy_id, symbol, side, type, quantity, limit_price, stop_price, trail_price, trail_percent, tif,
            protective, reduce_only, client, account_id, at, refused, place)
    ), inserted AS (
        INSERT INTO orders (number, id, user_id, partition, strategy_id, symbol, side, type, quantity, limit_price, stop_price, trail_price,
            trail_percent, time_in_force, protective, reduce_only, client_order_id, account_id, state, admitted_at, updated_at, filled,
            origin, stop_id, attempt, replaces)
        SELECT nextval('numbers'), x.id, x.user_id, x.partition, x.strategy_id, x.symbol, x.side, x.type, x.quantity, x.limit_price, x.stop_price,
            x.trail_price, x.trail_percent, x.tif, x.protective, x.reduce_only, x.client, x.account_id, 0, x.at, x.at, '0',
            CASE WHEN a_past IS NULL THEN 0 ELSE 3 END, a_past, 0, a_replaces
        FROM (SELECT a.* FROM asked a WHERE a.refused IS NULL AND a.same IS NULL ORDER BY a.place) x
        ON CONFLICT DO NOTHING
        RETURNING orders.number, orders.id, orders.admitted_at
    ), told AS (
        INSERT INTO order_events (kind, number, at) SELECT 0, i.number, i.admitted_at FROM inserted i ORDER BY i.number
    ), noted AS (
        SELECT ledger_audit(ARRAY[i.admitted_at], ARRAY[a_past_actor], ARRAY['order.past_gate'], ARRAY[i.id::text],
            ARRAY['{"number":' || i.number || a_past_details]) FROM inserted i WHERE a_past IS NOT NULL
    )
    SELECT a.place,
        CASE WHEN i.number IS NOT NULL THEN 0 WHEN a.same IS NOT NULL OR a.refused IS NULL THEN 1 ELSE a.refused END::smallint,
        coalesce(i.number, a.same, r_number[a.place::int]), r_stop[a.place::int], r_target[a.place::int], r_ref[a.place::int], gate_version
    FROM asked a LEFT JOIN inserted i ON i.id = a.id AND array_position(a_id, a.id) = a.place
    WHERE (SELECT count(*) FROM noted) >= 0
    ORDER BY a.place;
END
$$;
