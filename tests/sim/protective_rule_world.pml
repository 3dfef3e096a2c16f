// SPDX-License-Identifier: EUPL-1.2
// What may happen: people at terminals, the network, the log. Part of protective_rule.pml.

#define first_of(d) ((d) == 0 -> 1 : ((d) == 1 -> NA + 1 : NA + NB + 1))
#define room_of(d)  ((d) == 0 -> NA : ((d) == 1 -> NB : NC))

// Chooses one event for which the condition holds; blocks if there is none.
#define is_recorded(z) (kind[z])
#define can_be_named(z) (kind[z] == (in_kind == END -> OBJECTION : GRANT))
#define copy_may_go(z) (protects(z))
#if N >= 4
#define fourth(c) c(4)
#else
#define fourth(c) false
#endif
#if N >= 5
#define fifth(c) c(5)
#else
#define fifth(c) false
#endif
#if N >= 6
#error at most five events
#endif
#define some(c) (c(1) || c(2) || c(3) || fourth(c) || fifth(c))
#define choose(which, c) \
    if                          \
    :: c(1) -> which = 1        \
    :: c(2) -> which = 2        \
    :: c(3) -> which = 3        \
    :: fourth(c) -> which = 4   \
    :: fifth(c) -> which = 5    \
    fi

inline write_down(d) {
    x = first_of(d) + recorded[d];
    recorded[d]++;
    kind[x] = in_kind; target[x] = in_target; named[x] = in_named; part[x] = in_part; claimed[x] = in_claimed;
    prev[x] = head[d];
    epoch[x] = head_epoch[d];
    seq[x] = head_seq[d] + 1;
    ancestors[x] = (head[d] -> ancestors[head[d]] | mask(head[d]) : 0);
    y = 1;
    do
    :: y <= N ->
        if
        :: index[y] && index[y] <= claimed[x] -> seen[x] = seen[x] | mask(y)
        :: else
        fi;
        y++
    :: else -> break
    od;
    head[d] = x;
    head_seq[d] = seq[x];
    in_kind = 0; in_target = 0; in_named = 0; in_part = 0; in_claimed = 0
}

// One declaration at a device. A checkpoint that came long ago is any size that the log has had.
inline someone_declares(d) {
    if
#ifdef GRANTS
    :: in_kind = GRANT
#endif
#ifdef WITHDRAWALS
    :: in_kind = WITHDRAWAL
#endif
#ifdef PROVISIONALS
    :: in_kind = PROVISIONAL
#endif
#ifdef OBJECTIONS
    :: in_kind = OBJECTION
    :: in_kind = END
#endif
    fi;
    if
    :: in_kind == GRANT || in_kind == OBJECTION ->
        in_part = SELECTORS;
        do
        :: in_part > 0 -> in_part--
        :: break
        od
    :: else
    fi;
    if
    :: in_kind != GRANT ->
        do
        :: in_target < SELECTORS -> in_target++
        :: break
        :: in_target == 0 && some(can_be_named) -> in_target = BY_ID; choose(in_named, can_be_named); break
        od
    :: else
    fi;
    // Of these two alone the rule asks what they had seen.
    if
    :: in_kind == GRANT || in_kind == END ->
        do
#ifdef LIAR
        :: in_claimed < (d == 1 -> N : log_size) -> in_claimed++
#elif defined(M_TERMINAL_GUESSES)
        :: in_claimed <= log_size -> in_claimed++
#else
        :: in_claimed < log_size -> in_claimed++
#endif
        :: break
        od
    :: else
    fi;
    d_step { write_down(d) }
}

// A second epoch continues the head, an older one that a backup holds, or nothing at all.
inline begin_epoch(d) {
    if
    :: true
    :: head[d] = prev[head[d]]
    :: head[d] = 0
    fi;
    d_step { renewed[d] = true; head_epoch[d] = 1; head_seq[d] = 0 }
}

// A terminal sends an epoch only when the chain up to it has its receipts (journal/outbound.cpp).
inline may_send() {
    d_step {
        all = true;
        y = 1;
#ifndef M_EPOCH_OVERTAKES
        do
        :: y <= N ->
            all = all && (!(ancestors[in_event] & mask(y)) || epoch[y] == epoch[in_event] || on_record(y));
            y++
        :: else -> break
        od
#endif
    }
}

init {
end:
    do
    :: atomic { recorded[0] < NA -> someone_declares(0) }
    :: atomic { recorded[1] < NB -> someone_declares(1) }
#if NC > 0
    :: atomic { copied && recorded[2] < NC -> someone_declares(2) }
    // A copy of A as it is now, or as it was when it was backed up; it goes on where it stands.
    :: d_step { !copied ->
        copied = true; renewed[2] = renewed[0];
        head[2] = head[0]; head_epoch[2] = head_epoch[0]; head_seq[2] = head_seq[0] }
#endif
#ifdef EPOCHS_CHANGE
    :: atomic { !renewed[0] && head[0] -> begin_epoch(0) }
#if NC > 0
    :: atomic { !renewed[2] && head[2] -> begin_epoch(2) }
#endif
#endif
    :: atomic { some(is_recorded) ->
        choose(in_event, is_recorded);
        in_count = 1;
        do
        :: in_count < seq[in_event] -> in_count++
        :: break
        od;
        may_send();
        d_step {
            if
            :: all -> ingest_batch(); check()
            :: else
            fi;
            in_event = 0; in_count = 0 } }
    :: atomic { some(copy_may_go) ->
        choose(in_event, copy_may_go);
        d_step { ingest_advance(); check(); in_event = 0 } }
    :: atomic { some(may_log) ->
        choose(in_event, may_log);
        d_step {
            log_size++;
            index[in_event] = log_size;
#ifdef M_PROVISIONAL_LAPSES
            // As if a note were used up once the log has it.
            a = in_event; p = 1;
            do
            :: p <= N -> if :: kind[a] == PROVISIONAL && addresses(a, p) && state[p] == 1 -> state[p] = 0 :: else fi; p++
            :: else -> break
            od;
#endif
            check(); in_event = 0 } }
    od
}
