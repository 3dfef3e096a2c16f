// SPDX-License-Identifier: EUPL-1.2
// The protective act wins, without clocks: terminals that record offline, a network that delays, repeats and reorders, the
// ingest with its tables, the log. One process, because the backend's transactions are one after another anyway.
// What stands for which line of the code: README.md beside this. A configuration is a row of verify_rule.py (-D ...).
// Norm: architecture.md 4, sync.md "Chain and backend", sync/backend/ingest/rule.hpp; I4 I6 I8 I9 I10.

// How many events each device records: terminal A, terminal B, and A's copy (cloned, or restored from a backup).
#ifndef NC
#define NC 0
#endif
#define N      (NA + NB + NC)      // event x = 1..N stands for its leaf; 0 = none
#if NB > NA + NC
#define LENGTH NB                  // longest chain
#else
#define LENGTH (NA + NC)
#endif
#define EPOCHS 2                   // 0 and 1

#define GRANT       1
#define WITHDRAWAL  2
#define OBJECTION   3
#define END         4              // objection withdrawn
#define PROVISIONAL 5

// A selector names as much as it names of a person: 0 subject, 1 and the recipient, 2 and the entry; 3 = one declaration.
#define BY_ID 3
#ifndef SELECTORS
#define SELECTORS 0                // the narrowest selector that occurs
#endif

#define of_b(x)       ((x) > NA && (x) <= NA + NB)
#define chain_of(x)   (of_b(x) * EPOCHS + epoch[x])
#define place(x)      (chain_of(x) * LENGTH + seq[x] - 1)
#define on_record(x)  (record[place(x)] == (x))
#define mask(x)       (1 << (x))
#define protects(x)   (kind[x] == WITHDRAWAL || kind[x] == OBJECTION || kind[x] == PROVISIONAL)
#define is_part(x)    (kind[x] == GRANT || kind[x] == OBJECTION)
#define is_act(x)     (kind[x] >= WITHDRAWAL)
#define addresses(a, p) ((target[a] == BY_ID && named[a] == (p)) || (target[a] < BY_ID && target[a] <= part[p]))

// Events as recorded; they never change.
byte kind[N + 1];
byte target[N + 1];       // of an act
byte named[N + 1];        // of an act BY_ID
byte part[N + 1];         // of a grant or objection: the narrowest selector that names it
byte claimed[N + 1];      // observed, as the header says
byte epoch[N + 1];
byte seq[N + 1];
byte prev[N + 1];
byte ancestors[N + 1];    // truth, seen by no program: what lies before it on its device
byte seen[N + 1];         // truth: what the log held below the checkpoint that its terminal had verified

// Devices: A, B, A's copy.
byte recorded[3];
byte head[3];
byte head_epoch[3];
byte head_seq[3];
bool copied;
bool renewed[3];          // has begun its second epoch

// The backend's tables.
byte record[2 * EPOCHS * LENGTH];
byte next[2 * EPOCHS];    // records of each chain
byte base[2];             // seq in epoch 0 that epoch 1 continues; 0 = continues nothing
bool advance[N + 1];
bool quarantine[N + 1];
bool applied[N + 1];
bool on_chain[N + 1];     // of an act
byte observed[N + 1];     // as believed
byte state[N + 1];        // of a part: 0 lives, 1 suspended, 2 ended
byte index[N + 1];        // log index + 1; 0 = not in the log
byte log_size;

// Inputs of a step: chosen, used, and 0 again.
byte in_kind; byte in_target; byte in_named; byte in_part; byte in_claimed; byte in_event; byte in_count;

// Registers inside one step.
hidden byte j; hidden byte k; hidden byte x; hidden byte y; hidden byte from; hidden byte bad;
hidden byte batch[LENGTH]; hidden byte a; hidden byte p; hidden byte e; hidden byte s; hidden byte effect; hidden byte worst;
hidden byte entries; hidden byte before; hidden byte all; hidden byte other; hidden byte truth; hidden byte kept;

// Each holds after every step; what they say: protective_rule_checks.pml.
hidden byte i4_one_entry_an_event; hidden byte i6_a_copy_only_protects; hidden byte i7_no_record_blocks_others;
hidden byte i8_alive_means_all_before; hidden byte i8_no_protection_is_lost; hidden byte i9_observed_was_a_size;
hidden byte i10_the_set_decides; hidden byte i10_steps_are_the_rule; hidden byte provisional_only_suspends;

// ---- rule.cpp ----

// before_on_chain(u, v)
inline lies_before(u, v) {
    before = false;
    if
    :: of_b(u) == of_b(v) && epoch[u] <= epoch[v] ->
        e = epoch[v]; s = seq[v];
        if
        :: e > epoch[u] ->
#ifdef M_EPOCH_CONTINUES_ANYWAY
            e = 0; s = LENGTH + 1
#else
            if
            :: base[of_b(v)] -> e = 0; s = base[of_b(v)] + 1
            :: else
            fi
#endif
        :: else
        fi;
        before = (e == epoch[u] && seq[u] < s)
    :: else
    fi
}

#ifdef M_INDEX_OFF_BY_ONE
#define known_before(u, v) (index[u] && index[u] <= observed[v] + 1)
#else
#define known_before(u, v) (index[u] && index[u] <= observed[v])
#endif

// Part::on_chain, as apply.cpp asks for it
#ifdef M_QUARANTINE_HIDES_PLACE
#define keeps_place(v) (!quarantine[v] && (record[place(v)] == 0 || on_record(v)))
#else
#define keeps_place(v) (record[place(v)] == 0 || on_record(v))
#endif

// effect_of(a, p)
inline effect_of() {
    effect = 0;
    if
    :: kind[p] == GRANT && protects(a) && addresses(a, p) ->
        lies_before(a, p);
        if
        :: target[a] != BY_ID && ((on_chain[a] && before) || known_before(a, p))
        :: else ->
#ifdef M_PROVISIONAL_ENDS
            effect = 2
#else
            effect = (kind[a] == PROVISIONAL -> 1 : 2)
#endif
        fi
    :: kind[p] == OBJECTION && kind[a] == END && addresses(a, p) ->
        lies_before(p, a);
        if
#ifdef M_OBJECTION_ENDS_BY_ARRIVAL
        :: true -> effect = 2
#else
        :: (on_chain[a] && before && keeps_place(p)) || known_before(p, a) -> effect = 2
        :: else
#endif
        fi
    :: else
    fi
}

// ---- apply.cpp ----

// targets(): this act meets every part that is there.
inline strike() {
    a = x;
    p = 1;
    do
    :: p <= N ->
        if
        :: p != x && applied[p] && is_part(p) ->
            effect_of();
            if
            :: effect > state[p] -> state[p] = effect
            :: else
            fi
        :: else
        fi;
        p++
    :: else -> break
    od
}

// parts(): this part meets every act that is there.
inline suffer() {
    p = x;
    a = 1;
#ifndef M_LAST_WRITER_WINS
    do
    :: a <= N ->
        if
        :: a != x && applied[a] && is_act(a) ->
            effect_of();
            if
            :: effect > state[p] -> state[p] = effect
            :: else
            fi
        :: else
        fi;
        a++
    :: else -> break
    od
#endif
}

// apply(x). An event that was applied has no second effect; it may find its place on the chain.
inline apply(standing) {
    if
    :: applied[x] ->
#ifdef M_SECOND_ARRIVAL_FAILS
        i7_no_record_blocks_others = advance[x] && !quarantine[x] && on_record(x);
        assert(i7_no_record_blocks_others);                     // else the whole transaction is refused, for ever
#endif
#ifdef M_CHAIN_ENTRY_INDEXED_AGAIN
        log_size++;
        index[x] = log_size;
#endif
#ifdef M_CHAIN_ENTRY_STRIKES_AGAIN
        if
        :: is_act(x) -> kept = index[x]; index[x] = 0; strike(); index[x] = kept
        :: else
        fi;
#endif
#ifndef M_QUARANTINED_NEVER_ON_CHAIN
        on_chain[x] = on_chain[x] || standing
#endif
    :: else ->
        applied[x] = true;
        on_chain[x] = standing;
#ifdef M_CLAIM_BELIEVED
        observed[x] = claimed[x];
#else
        observed[x] = (claimed[x] <= log_size -> claimed[x] : 0);
#endif
        if
        :: is_part(x) -> suffer()
        :: else
        fi;
        if
        :: is_act(x) -> strike()
        :: else
        fi
    fi
}

// ---- ingest.cpp, quarantine.cpp ----

inline keep_in_quarantine() {
    if
    :: !quarantine[x] ->
        quarantine[x] = true;
        if
#ifdef M_COPY_GRANTS_COUNT
        :: true -> apply(false)
#endif
#ifdef M_QUARANTINE_DROPS
        :: false
#else
        :: protects(x) -> apply(false)
#endif
        :: else
        fi
    :: else
    fi
}

// ingest_batch: the last in_count events up to in_event. Judged before anything is written.
inline ingest_batch() {
    x = in_event; j = in_count;
    do
    :: j > 0 -> j--; batch[j] = x; x = prev[x]
    :: else -> break
    od;
    k = chain_of(in_event);
    from = seq[in_event] - in_count + 1;
    bad = in_count;
    if
    :: from <= next[k] ->
        j = 0;
        do
        :: j < in_count && from + j <= next[k] ->
            if
            :: record[k * LENGTH + from + j - 1] != batch[j] -> bad = j; break
            :: else -> j++
            fi
        :: else -> break
        od
    :: from == next[k] + 1 && next[k] && record[k * LENGTH + next[k] - 1] != prev[batch[0]] -> bad = 0
    :: from == next[k] + 1 && !next[k] && !epoch[in_event] && prev[batch[0]] -> bad = 0
    :: else
    fi;
    if
    :: bad < in_count ->
        j = bad;
        do
        :: j < in_count -> x = batch[j]; keep_in_quarantine(); j++
        :: else -> break
        od
    :: from > next[k] + 1                                       // a gap: refused
    :: else -> extend()
    fi
}

// extend(): steps 5 to 7 of the ingest transaction.
inline extend() {
    x = prev[batch[0]];
    if
    :: !next[k] && x && epoch[x] < epoch[in_event] && on_record(x) -> base[of_b(x)] = seq[x]      // start_chain()
    :: else
    fi;
    from = next[k] + 1 - from;                                  // of the batch: the first fresh one
    j = from;
    do
    :: j < in_count -> record[place(batch[j])] = batch[j]; next[k]++; j++
    :: else -> break
    od;
#ifndef M_COPY_KEEPS_PLACE
    // settle_advance(): a copy that proves to be another record loses its place.
    y = 1;
    do
    :: y <= N ->
        if
        :: advance[y] && record[place(y)] && !on_record(y) -> on_chain[y] = false
        :: else
        fi;
        y++
    :: else -> break
    od;
#endif
    j = from;
    do
    :: j < in_count -> x = batch[j]; apply(true); j++
    :: else -> break
    od
}

// ingest_advance: one copy.
inline ingest_advance() {
    x = in_event;
    other = record[place(x)] && !on_record(x);
    y = 1;
    do
    :: y <= N ->
        other = other || (y != x && advance[y] && place(y) == place(x));
        y++
    :: else -> break
    od;
    if
    :: on_record(x) || advance[x]
    :: else ->
        if
        :: other -> keep_in_quarantine()
        :: else -> advance[x] = true; apply(true)
        fi
    fi
}

#define arrived(z) (advance[z] || quarantine[z] || on_record(z))
// sequencer.cpp: whatever ran ahead or is in quarantine, and each chain in its order.
#define may_log(z) (kind[z] && !index[z] && (advance[z] || quarantine[z] || \
                    (on_record(z) && (seq[z] == 1 || index[record[place(z) - 1]]))))

#include "protective_rule_checks.pml"
#include "protective_rule_world.pml"
