// SPDX-License-Identifier: EUPL-1.2
// What must hold after every step. Part of protective_rule.pml.

// The truth of `lies before`: on the device that recorded it, if the chain has it, or in the log that its terminal had verified.
#define happened_before(u, v) ((seen[v] & mask(u)) || ((ancestors[v] & mask(u)) && on_record(u)))

// The effect of a on p by the truth, without places, lineage or indices.
inline true_effect() {
    truth = 0;
    if
    :: kind[p] == GRANT && protects(a) && addresses(a, p) && (target[a] == BY_ID || !happened_before(a, p)) ->
        truth = (kind[a] == PROVISIONAL -> 1 : 2)
    :: kind[p] == OBJECTION && kind[a] == END && addresses(a, p) && happened_before(p, a) -> truth = 2
    :: else
    fi
}

inline check() {
    entries = 0;
    p = 1;
    do
    :: p <= N && kind[p] ->
        entries = entries + (index[p] > 0);
        i9_observed_was_a_size = (observed[p] <= log_size);
        assert(i9_observed_was_a_size);
        // Of a chain that contradicts the record nothing counts but its protective acts, and those always.
        i6_a_copy_only_protects = (!applied[p] || protects(p) || on_record(p));
        assert(i6_a_copy_only_protects);
        i8_no_protection_is_lost = (!arrived(p) || !protects(p) || applied[p]);
        assert(i8_no_protection_is_lost);
        if
        :: applied[p] && is_part(p) -> check_part()
        :: else
        fi;
        p++
    :: p <= N && !kind[p] -> p++
    :: else -> break
    od;
    i4_one_entry_an_event = (entries == log_size);
    assert(i4_one_entry_an_event)
}

inline check_part() {
    all = true;               // every protective act of its scope happened before it
    worst = 0;                // the strongest effect by the rule, judged now
    y = 0;                    // and by the truth
    other = false;            // something else than a provisional note names it
    a = 1;
    do
    :: a <= N ->
        if
        :: a != p && applied[a] && is_act(a) ->
            effect_of();
            worst = (effect > worst -> effect : worst);
            true_effect();
            y = (truth > y -> truth : y);
            other = other || (kind[a] != PROVISIONAL && addresses(a, p));
            all = all && (!protects(a) || !addresses(a, p) || (((seen[p] | ancestors[p]) & mask(a)) && target[a] != BY_ID))
        :: else
        fi;
        a++
    :: else -> break
    od;
#ifndef LIAR
    i8_alive_means_all_before = (kind[p] != GRANT || state[p] != 0 || all);
    assert(i8_alive_means_all_before);
    provisional_only_suspends = (state[p] != 2 || other);
    assert(provisional_only_suspends);
    // What its authors knew decides about a set of events: no arrival, no index, no table of epochs.
    i10_the_set_decides = (state[p] == y);
    assert(i10_the_set_decides);
#endif
    // And what was written down step by step is what the rule says about all that is stored.
    i10_steps_are_the_rule = (state[p] == worst);
    assert(i10_steps_are_the_rule)
}
