/* The gate of the emergency stop: three orders, two stops, one crash, and a twin owner of the user's book.
 *
 * README.md beside this file says which code each state is and what is left out; check.sh runs it. Every step is one
 * indivisible change: what the code does between two awaits, or one commit of the ledger. Whatever is slow, frozen or
 * lost is a step that is not taken, or not yet. Each name behind #ifdef takes one promise away: spin must then find a
 * counterexample.
 */

#define PROMISE(name, holds) \
    if \
    :: (holds) \
    :: else -> name = 0; assert(name) \
    fi

/* The promises, by the names that a counterexample shows. */
bit no_slip = 1;                          /* no order is admitted behind a gate that somebody was told is closed */
bit only_its_owner_once = 1;              /* nobody else ever sends an order, a twin and a restarted process included */
bit no_guessing = 1;                      /* an order that was said to have never left never shows up */
bit nothing_left_behind = 1;              /* what a completed stop owed has ended at the venue, or never left and never will */
bit nothing_owed_at_release = 1;
bit only_the_scope = 1;                   /* a sweep cancels what its stop owes, and nothing else */
bit every_stop_ends = 1;                  /* where nothing can happen any more, every stop was completed, and released */

#define NOBODY 3
#define BIT(i) (1 << (i))
#define HAS(set, i) (((set) >> (i)) & 1)
#define SCOPE(s) ((s) == 0 -> 3 : 6)      /* stop 0 covers the orders 0 and 1, stop 1 the orders 1 and 2 */

/* The ledger: it survives every process. */
mtype:row = { unborn, in_flight, open, ended, never_sent }
mtype:stop = { idle, held, completed, released }
mtype:row row[3] = unborn;
mtype:stop stop[2] = idle;
byte latches;                             /* the stops that hold their latch */
byte before[2];                           /* the orders numbered before the stop */

/* Memory of the process that admitted an order: the permit, and how far its sender is. */
mtype:sender = { nothing, ready, taken, revoked, gone }
mtype:sender sender[3] = nothing;
byte owner[3] = NOBODY;                   /* the process; two activations of one user are alive at once */
byte unknown_to[2] = NOBODY;              /* the order that this process asked about, after its wait, and was told is not there */

/* The world outside. */
mtype:venue = { absent, under_way, resting, finished }
mtype:venue venue[3] = absent;
bit over[3];                              /* the send window is over by every clock */
bit fills;                                /* whether the venue ends orders by itself in this history */

/* What somebody was told. */
byte closed;                              /* the stops whose gate somebody was told is closed */
byte settled;                             /* the orders that a completed stop has answered for */

#ifdef SKIPS_IN_FLIGHT
#define ACTIVE(o) (row[o] == open)
#else
#define ACTIVE(o) (row[o] == in_flight || row[o] == open)
#endif
#define OWED(s, o) (HAS(before[s] & SCOPE(s), o) && ACTIVE(o))
#define OWES_ANY(s) (OWED(s, 0) || OWED(s, 1) || OWED(s, 2))
#define COVERED(set, o) ((HAS(set, 0) && HAS(SCOPE(0), o)) || (HAS(set, 1) && HAS(SCOPE(1), o)))
#define AFTER_ALL (stop[0] == released && stop[1] == released)   /* an order after both stops is like one before them */
#define MAY_ENTER(o) (!COVERED(latches, o) && !AFTER_ALL)
#define SENDING(n, o) (owner[o] == n)
#define SHOWN(o) (venue[o] == resting || venue[o] == finished)
#define IS_SETTLED(o) (venue[o] == finished || (row[o] == never_sent && venue[o] == absent))
#define IS_LEFT(s, o) (HAS(before[s] & SCOPE(s), o) && !IS_SETTLED(o))
#define LEAVES_NOTHING(s) (!IS_LEFT(s, 0) && !IS_LEFT(s, 1) && !IS_LEFT(s, 2))

#ifdef NO_RECOVERY
byte carrier[2] = NOBODY;                 /* only the process that was told carries the stop on */
#define CARRIES(n, s) (carrier[s] == n)
#else
#define CARRIES(n, s) (1)                 /* every process reads the ledger for unfinished stops */
#endif

#define OWED_NOW(n, o) ((stop[0] == held && CARRIES(n, 0) && OWED(0, o)) || (stop[1] == held && CARRIES(n, 1) && OWED(1, o)))
#ifdef SWEEPS_ALL
#define SWEPT(n, o) (stop[0] == held || stop[1] == held)
#else
#define SWEPT(n, o) OWED_NOW(n, o)
#endif

#ifdef NO_SEND_WINDOW
#define MAY_TAKE(o) (1)
#define NO_RESET
#else
#define MAY_TAKE(o) (!over[o])
#endif
#ifdef NO_RESET
#define MAY_WRITE(o) (1)
#else
#define MAY_WRITE(o) (!over[o])
#endif

#ifdef NO_WAIT
#define WAITED_OUT(o) (1)
#else
#define WAITED_OUT(o) (over[o] && venue[o] != under_way)   /* and what was written has become visible */
#endif

/* What nobody can tell apart any more is forgotten, so that equal states are one state. */
inline tidy(o) {
    if
    :: sender[o] == gone && row[o] != in_flight -> over[o] = 0
    :: else
    fi
}

inline leave(o) {
    sender[o] = gone;
    owner[o] = NOBODY;
    tidy(o)
}

/* Evidence: what the venue has shown is never taken back, and an end stays an end. */
inline record(o, what) {
    if
    :: row[o] == in_flight || (row[o] == open && what == ended) || (row[o] == never_sent && what != never_sent) -> row[o] = what
    :: else
    fi;
    tidy(o)
}

inline admit(o, n) {
    PROMISE(no_slip, !COVERED(closed, o));   /* nor after a crash, nor when another stop is released */
    row[o] = in_flight;
    owner[o] = n;
    sender[o] = ready
}

inline write(o, n) {
    PROMISE(only_its_owner_once, owner[o] == n && sender[o] == taken && venue[o] == absent);
    venue[o] = under_way;
    leave(o)                              /* the answer, if one comes, says what a LOOK says */
}

inline arrive(o, how) {
    PROMISE(no_guessing, row[o] != never_sent);
    PROMISE(nothing_left_behind, !HAS(settled, o));
    venue[o] = how
}

/* One order: admitted by either process, sent by that one. */
proctype Order(byte o) {
end_refused:
#ifdef NO_GATE_LOCK
    MAY_ENTER(o);                         /* the latches are read; anything may happen before the row is inserted */
#undef MAY_ENTER
#define MAY_ENTER(o) (1)
#endif
    if
    :: d_step { MAY_ENTER(o) -> admit(o, 0) }
    :: d_step { MAY_ENTER(o) -> admit(o, 1) }
    fi;
end_sent:
    do
    :: d_step { sender[o] == ready -> leave(o) }                             /* the answer to the admission was lost */
    :: d_step { sender[o] == ready && MAY_TAKE(o) -> sender[o] = taken }
    :: d_step { sender[o] == ready -> sender[o] = revoked }                  /* too late, gate seen closed, or swept here */
    :: d_step { sender[o] == revoked -> record(o, never_sent); leave(o) }    /* attested */
#ifdef REVOKES_TAKEN
    :: d_step { sender[o] == taken -> record(o, never_sent) }
#endif
    :: d_step { sender[o] == taken && MAY_WRITE(o) -> write(o, owner[o]) }
    :: d_step { sender[o] == taken -> leave(o) }                             /* not connected, or reset at the window's end */
    od
}

/* What a process does about an order that it does not send: it asks, concludes, cancels, confirms. */
#define LOOK(n, o) \
    :: d_step { row[o] == in_flight && !SENDING(n, o) && venue[o] == resting -> record(o, open) } \
    :: d_step { (row[o] == in_flight || row[o] == open) && !SENDING(n, o) && venue[o] == finished -> record(o, ended) } \
    :: d_step { row[o] == in_flight && !SENDING(n, o) && unknown_to[n] == NOBODY && !SHOWN(o) && WAITED_OUT(o) -> unknown_to[n] = o } \
    :: d_step { unknown_to[n] == o -> record(o, never_sent); unknown_to[n] = NOBODY } \
    :: d_step { SWEPT(n, o) && row[o] == open && venue[o] == resting -> PROMISE(only_the_scope, OWED_NOW(n, o)); venue[o] = finished }

#define CANCEL_TIMES_OUT(n, o) \
    :: d_step { SWEPT(n, o) && row[o] == open && venue[o] == resting -> record(o, ended) }

#define TWIN_SENDS_IT(n, o) \
    :: d_step { row[o] == in_flight && !SENDING(n, o) && !SHOWN(o) && MAY_WRITE(o) -> write(o, n) }

#define COMPLETE(n, s) \
    :: d_step { stop[s] == held && CARRIES(n, s) && MAY_COMPLETE(s) -> \
        PROMISE(nothing_left_behind, LEAVES_NOTHING(s)); \
        stop[s] = completed; settled = settled | (before[s] & SCOPE(s)) }

#ifdef COMPLETES_WITH_DEBTS
#define MAY_COMPLETE(s) (1)
#else
#define MAY_COMPLETE(s) (!OWES_ANY(s))
#endif

proctype Process(byte n) {
end_idle:
    do
    LOOK(n, 0) LOOK(n, 1) LOOK(n, 2)
    COMPLETE(n, 0) COMPLETE(n, 1)
#ifdef TIMEOUT_IS_CANCELLED
    CANCEL_TIMES_OUT(n, 0)
#endif
#ifdef TWIN_SENDS
    TWIN_SENDS_IT(n, 0)
#endif
    od
}

/* One stop: engaged, later released. Completing is the processes' work. */
inline engage(s) {
    latches = latches | BIT(s);
    closed = closed | BIT(s);
    before[s] = (row[0] != unborn) | ((row[1] != unborn) << 1) | ((row[2] != unborn) << 2);
    stop[s] = held
}

inline release(s) {
    PROMISE(nothing_owed_at_release, LEAVES_NOTHING(s));
#ifdef RELEASES_ALL
    latches = 0;
#else
    latches = latches & ~BIT(s);
#endif
    closed = closed & ~BIT(s);
    stop[s] = released
}

#ifdef RELEASES_WITH_DEBTS
#define MAY_RELEASE(s) (stop[s] == held || stop[s] == completed)
#else
#define MAY_RELEASE(s) (stop[s] == completed && !OWES_ANY(s))
#endif

proctype Stop(byte s) {
    s == 0 || stop[0] != idle;            /* the stops are alike: which is the first does not matter */
#ifdef TELLS_BEFORE_COMMIT
    closed = closed | BIT(s);
#endif
#ifdef NO_RECOVERY
    if
    :: carrier[s] = 0
    :: carrier[s] = 1
    fi;
#endif
    d_step { engage(s) };
end_held:
    d_step { MAY_RELEASE(s) -> release(s) }
}

proctype Venue() {
#define TRADE(o) \
    :: d_step { venue[o] == under_way -> arrive(o, resting) } \
    :: d_step { venue[o] == under_way -> arrive(o, finished) } \
    :: d_step { venue[o] == resting && fills -> venue[o] = finished }
end_open:
    do
    TRADE(0) TRADE(1) TRADE(2)
    od
}

proctype Clock() {
#define EXPIRE(o) \
    :: d_step { !over[o] && (sender[o] == ready || sender[o] == taken || row[o] == in_flight) -> over[o] = 1 }
end_still:
    do
    EXPIRE(0) EXPIRE(1) EXPIRE(2)
    od
}

/* Everything that process 0 knew is gone; it starts again at once, or late: then it just does nothing for long. */
#define FORGET(o) if :: owner[o] == 0 -> leave(o) :: else fi

proctype Crash() {
    d_step {
        FORGET(0); FORGET(1); FORGET(2);
#ifdef LATCHES_IN_MEMORY
        latches = 0;
#endif
#ifdef NO_RECOVERY
        carrier[0] = (carrier[0] == 0 -> NOBODY : carrier[0]);
        carrier[1] = (carrier[1] == 0 -> NOBODY : carrier[1]);
#endif
        unknown_to[0] = NOBODY
    }
}

/* Where nothing can happen any more, every stop has come to its end. */
proctype Judge() {
    timeout -> PROMISE(every_stop_ends, stop[0] == released && stop[1] == released)
}

init {
    atomic {
        if :: fills = 0 :: fills = 1 fi;
        run Order(0); run Order(1); run Order(2);
        run Process(0); run Process(1);
        run Stop(0); run Stop(1);
        run Venue(); run Clock(); run Crash(); run Judge()
    }
}
