-- The gate lock is the advisory transaction lock (18771, 1): shared to admit, exclusive to change the gate. Its queue is
-- fair: a stop that waits is passed by nobody. Each function that takes it does so in a statement of its own, before the
-- one that reads: under READ COMMITTED that one then sees everything that was committed before the lock was had.

-- Every target that an order belongs to, as its latches are named.
CREATE FUNCTION ledger_targets(a_user text, a_strategy text, a_symbol text) RETURNS text[]
LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY['SYSTEM', 'USER:' || a_user, 'STRATEGY:' || a_strategy, 'SYMBOL:' || a_symbol, 'USER:' || a_user || '/SYMBOL:' || a_symbol]
$$;

-- Refuses to go on where a statement would read from a snapshot older than the gate lock: latches committed while it waited
-- would not be seen.
CREATE FUNCTION ledger_isolated() RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'The gate is passed under READ COMMITTED only, not under %.', upper(current_setting('transaction_isolation'));
    END IF;
END
$$;

-- The first latch that refuses an order, passing those of stops numbered up to a_past.
CREATE FUNCTION ledger_latch(a_targets text[], a_past bigint, OUT stop bigint, OUT target text) RETURNS SETOF record
LANGUAGE sql STABLE AS $$
    SELECT l.stop, l.target::text
    FROM unnest(a_targets) WITH ORDINALITY AS t(target, place) JOIN latches l ON l.target = t.target
    WHERE l.stop > a_past
        AND NOT EXISTS (SELECT FROM carve_outs c WHERE c.stop = l.stop AND c.put_back IS NULL AND c.target = ANY (a_targets))
    ORDER BY t.place, l.stop LIMIT 1
$$;

-- Appends to the audit's chain; the arithmetic is AuditChain's, and its every check of the chain checks this.
CREATE FUNCTION ledger_audit(a_at bigint[], a_actor text[], a_action text[], a_subject text[], a_details text[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    head audit_head;
    before text;
    part text;
    bytes bytea;
BEGIN
    SELECT * INTO head FROM audit_head FOR UPDATE;
    FOR i IN 1..cardinality(a_at) LOOP
        before := head.hash;
        head.sequence := head.sequence + 1;
        bytes := '';
        FOREACH part IN ARRAY ARRAY[before, head.sequence::text, a_at[i]::text, a_actor[i], a_action[i], a_subject[i], a_details[i]] LOOP
            bytes := bytes || int4send(octet_length(part)) || convert_to(part, 'UTF8');
        END LOOP;
        head.hash := encode(sha256(bytes), 'hex');
        INSERT INTO audit VALUES (head.sequence, a_at[i], a_actor[i], a_action[i], a_subject[i], a_details[i], before, head.hash);
    END LOOP;
    UPDATE audit_head SET sequence = head.sequence, hash = head.hash;
END
$$;

-- Puts events into the outbox.
CREATE FUNCTION ledger_publish(a_type text[], a_subject text[], a_at bigint[], a_audience text[], a_data text[]) RETURNS bigint
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    last bigint;
BEGIN
    UPDATE audit_head SET event_id = event_id + cardinality(a_type) RETURNING event_id INTO last;
    INSERT INTO events (id, type, subject, at, audience, data)
    SELECT last - cardinality(a_type) + e.place, e.type, e.subject, e.at, e.audience, e.data
    FROM unnest(a_type, a_subject, a_at, a_audience, a_data) WITH ORDINALITY AS e(type, subject, at, audience, data, place)
    WHERE e.place <= cardinality(a_type);
    RETURN last;
END
$$;

-- Why an order may not be put in the place of another: 0 it may, or the number of the reason. The row is locked, so that two
-- who want its place come one after the other.
CREATE FUNCTION ledger_why_not_replace(a_old text, a_user text, a_account text, OUT outcome smallint, OUT number bigint, OUT ref text)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    old orders;
BEGIN
    SELECT * INTO old FROM orders o WHERE o.id = a_old FOR UPDATE;
    number := old.number;
    outcome := CASE
        WHEN old.id IS NULL THEN 10
        WHEN old.state IN (0, 2) THEN 11
        WHEN old.state <> 1 THEN 12
        WHEN old.origin <> 0 THEN 13
        WHEN old.venue_order_id IS NULL THEN 14
        WHEN old.user_id <> a_user OR old.account_id <> a_account THEN 10
        ELSE 0 END;
    IF outcome = 0 THEN
        SELECT o.id INTO ref FROM orders o WHERE o.replaces = a_old AND o.ended_after IS NULL ORDER BY o.number LIMIT 1;
        outcome := CASE WHEN ref IS NULL THEN 0 ELSE 15 END;
    END IF;
END
$$;

-- Admits orders, in their order. The outcomes: 0 admitted, 1 a row stands in its way, 2 a latch refuses it, 3 a pause does,
-- 4 the stop named does not hold the gate for it, 10 and up why it cannot replace another (then it comes alone).
CREATE FUNCTION ledger_admit(
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

-- The strategies of orders and for whom they trade; one that nobody has registered belongs to the user of its first order.
-- Rows are written in one order by everybody, and the audit is locked last, so that no two admissions wait for each other.
CREATE FUNCTION ledger_know(a_strategy text[], a_owner text[], a_at bigint[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    fresh record;
BEGIN
    WITH first AS (
        SELECT DISTINCT ON (k.strategy) k.strategy, k.owner, k.at, k.place
        FROM unnest(a_strategy, a_owner, a_at) WITH ORDINALITY AS k(strategy, owner, at, place)
        WHERE NOT EXISTS (SELECT FROM strategies s WHERE s.id = k.strategy) ORDER BY k.strategy, k.place
    ), written AS (
        INSERT INTO strategies (id, user_id, registered_at) SELECT f.strategy, f.owner, f.at FROM first f ORDER BY f.strategy
        ON CONFLICT DO NOTHING RETURNING id
    )
    SELECT array_agg(f.strategy ORDER BY f.place) AS strategies, array_agg(f.owner ORDER BY f.place) AS owners, array_agg(f.at ORDER BY f.place) AS at
    INTO fresh FROM first f JOIN written w ON w.id = f.strategy;

    INSERT INTO strategy_users (user_id, strategy_id) SELECT DISTINCT k.owner, k.strategy FROM unnest(a_strategy, a_owner) AS k(strategy, owner) ORDER BY 1, 2
    ON CONFLICT DO NOTHING;

    IF fresh.strategies IS NOT NULL THEN
        PERFORM ledger_audit(fresh.at, fresh.owners, array_fill('strategy.registered'::text, ARRAY[cardinality(fresh.at)]), fresh.strategies,
            (SELECT array_agg('{"owner":' || to_json(o.owner) || ',"through":"order"}' ORDER BY o.place) FROM unnest(fresh.owners) WITH ORDINALITY AS o(owner, place)));
    END IF;
END
$$;

-- Whether an order may pass the gate of one stop: null it may. A stop that came after it still refuses, and so does one
-- whose mass cancel of the account is not known to be over.
CREATE FUNCTION ledger_past(a_stop text, a_targets text[], a_account text, OUT outcome smallint, OUT stop bigint, OUT target text)
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
        SELECT l.stop, l.target INTO stop, target FROM latches l JOIN outcomes u ON u.stop = l.stop
        WHERE l.target = ANY (a_targets) AND u.kind = 3 AND u.item = a_account AND u.outcome IN (7, 8) AND NOT EXISTS (
            SELECT FROM carve_outs c WHERE c.stop = l.stop AND c.put_back IS NULL AND c.target = ANY (a_targets))
        ORDER BY l.stop LIMIT 1;
    END IF;

    outcome := CASE WHEN stop IS NULL THEN NULL ELSE 2 END;
END
$$;

-- Engages a stop, or records one that was spooled. The outcomes: 0 engaged, 1 this stop stands already, 2 the key was used
-- for something else, 3 engaged without its key, as that was used for something else and the stop was spooled. The details come without their number, which is drawn here.
CREATE FUNCTION ledger_engage(
    a_id text, a_target text, a_options bigint, a_code smallint, a_reason text, a_key_id text, a_key_name text, a_key_role smallint,
    a_key_user text, a_requested_at bigint, a_key text, a_body_hash text, a_now bigint, a_book text, a_strategy text, a_gate_closed bigint,
    a_except text[], a_by text, a_details text, a_repeat_since bigint, a_replayed text, a_events text[])
RETURNS TABLE (outcome smallint, number bigint, version bigint)
LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
DECLARE
    standing stops;
    drawn bigint;
    gate_version bigint;
    engaged smallint := 0;
    owner text;
    closes boolean;
BEGIN
    PERFORM ledger_isolated();
    PERFORM pg_advisory_xact_lock(18771, 1);
    SELECT g.version INTO gate_version FROM gate_state g;
    SELECT * INTO standing FROM stops s WHERE s.id = a_id;
    IF standing.id IS NULL AND a_key IS NOT NULL THEN
        SELECT * INTO standing FROM stops s WHERE s.key_id = a_key_id AND s.idempotency_key = a_key;
        IF standing.id IS NOT NULL AND standing.body_hash IS DISTINCT FROM a_body_hash THEN
            IF a_replayed IS NULL THEN
                RETURN QUERY SELECT 2::smallint, standing.number, gate_version;
                RETURN;
            END IF;
            standing := NULL; a_key := NULL; a_body_hash := NULL; engaged := 3; -- It was answered without the ledger: it must hold.
        END IF;
    ELSIF standing.id IS NULL AND a_replayed IS NULL THEN
        SELECT * INTO standing FROM stops s
        WHERE s.target = a_target AND s.key_id = a_key_id AND s.options = a_options AND s.idempotency_key IS NULL
            AND s.release_number IS NULL AND s.requested_at >= a_repeat_since AND s.narrow_number IS NULL AND s.again_number IS NULL
            AND a_except = coalesce((SELECT array_agg(c.target::text ORDER BY c.target) FROM carve_outs c WHERE c.stop = s.number AND c.number = s.number), '{}')
        ORDER BY s.number DESC LIMIT 1;
    END IF;
    IF standing.id IS NOT NULL THEN
        RETURN QUERY SELECT 1::smallint, standing.number, gate_version;
        RETURN;
    END IF;

    drawn := nextval('numbers');
    owner := coalesce(a_book, (SELECT s.user_id FROM strategies s WHERE s.id = a_strategy));
    closes := a_options & 16 = 0 AND NOT EXISTS (SELECT FROM latches l WHERE l.target = a_target);
    INSERT INTO stops (number, id, target, options, reason_code, reason, key_id, key_name, key_role, key_user, requested_at,
        idempotency_key, body_hash, engaged_at, book_user, state, gate_closed, unprotected)
    VALUES (drawn, a_id, a_target, a_options, a_code, a_reason, a_key_id, a_key_name, a_key_role, a_key_user, a_requested_at,
        a_key, a_body_hash, a_now, owner, 0, a_gate_closed, '[]');
    INSERT INTO carve_outs (stop, number, target, made_by, at, reason) SELECT drawn, drawn, e, a_by, a_now, a_reason FROM unnest(a_except) e;
    IF a_options & 16 = 0 THEN
        INSERT INTO latches (stop, target) VALUES (drawn, a_target);
        gate_version := gate_version + 1;
    END IF;
    UPDATE gate_state SET number = drawn, version = gate_version;
    PERFORM ledger_audit(
        array_remove(ARRAY[a_now, CASE WHEN a_replayed IS NOT NULL THEN a_now END], NULL), ARRAY[a_by, 'service'],
        ARRAY['stop.engaged', 'stop.replayed'], ARRAY[a_id, a_id], ARRAY['{"number":' || drawn || a_details, a_replayed]);
    -- Of each event its type, audience (null for the owner's) and data around the number: the stop is engaged, its gate is closed.
    PERFORM ledger_publish(
        CASE WHEN closes THEN ARRAY[a_events[1], a_events[5]] ELSE ARRAY[a_events[1]] END, ARRAY[a_id, a_target], ARRAY[a_now, a_now],
        ARRAY[coalesce(a_events[2], 'user:' || owner, 'desk'), coalesce(a_events[6], 'user:' || owner, 'desk')],
        ARRAY[a_events[3] || drawn || a_events[4], a_events[7] || drawn || a_events[8]]);
    RETURN QUERY SELECT engaged, drawn, gate_version;
END
$$;

-- Ends the backends at the root of whatever a waiting one waits for, where their processes stand still in a transaction.
-- One that works is let be: it has its own bound, and may be a stop that has had the gate for a moment.
CREATE FUNCTION ledger_free(a_waiting integer, a_longest interval) RETURNS integer
LANGUAGE sql VOLATILE AS $$
    WITH RECURSIVE chain (pid) AS (
        SELECT unnest(pg_blocking_pids(a_waiting)) UNION SELECT unnest(pg_blocking_pids(c.pid)) FROM chain c
    )
    SELECT count(*) FILTER (WHERE pg_terminate_backend(a.pid))::integer
    FROM chain c JOIN pg_stat_activity a USING (pid)
    WHERE a.state LIKE 'idle in transaction%' AND a.state_change < clock_timestamp() - a_longest
$$;
