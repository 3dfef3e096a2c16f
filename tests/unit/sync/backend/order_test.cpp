// SPDX-License-Identifier: EUPL-1.2
// I10 on a real database: two terminals, advance copies, an objection and its end, delivered in
// every order that a network can produce. The stored state must always be the one that the pure
// rule gives for the set.
#include <algorithm>

#include "sync/backend/ingest/ingest.hpp"
#include "sync/backend/log/sequencer.hpp"
#include "tests/unit/sync/backend/world.hpp"

#include <doctest/doctest.h>

using model::Kind;
using model::TargetKind;
using test::grant;
using test::States;
using test::tag;
using test::Terminal;
using test::withdrawal;

namespace {

/// One delivery: the next record of a chain, or an advance copy.
enum class Step : std::uint8_t { chain_a, chain_b, ahead_a, ahead_b };

struct History {
    test::SeededRandom random{3};
    Terminal a{1, random};
    Terminal b{2, random};
    std::uint64_t act_a = 0;  ///< seq of the protective act that also travels ahead
    std::uint64_t act_b = 0;  ///< the same of B; 0 = none
    std::vector<std::string> chain_a;
    std::vector<std::string> chain_b;
    std::string ahead_a;
    std::string ahead_b;

    void seal() {
        ahead_a = a.advance({act_a});
        if (act_b != 0) ahead_b = b.advance({act_b});
    }
};

struct Outcome {
    States states;
    std::vector<std::vector<int>> effects;
    friend bool operator==(const Outcome&, const Outcome&) = default;
};

void deliver(backend::Store& store, const Terminal& terminal, const std::string& body) {
    const auto outcome = backend::ingest_batch(store, terminal.id, body);
    REQUIRE(outcome.has_value());
    REQUIRE(outcome->verdict == backend::BatchVerdict::stored);
}

Outcome play(History& history, const std::vector<Step>& order) {
    const auto store = test::memory_store();
    test::enrol(*store, history.a);
    test::enrol(*store, history.b);
    // The first record of B is there and in the log before anything else: what "observed = 1"
    // refers to.
    deliver(*store, history.b, history.chain_b[0]);
    REQUIRE(backend::sequence(*store).has_value());
    std::size_t next_a = 0;
    std::size_t next_b = 1;
    for (const Step step : order) {
        switch (step) {
            case Step::chain_a:
                deliver(*store, history.a, history.chain_a[next_a++]);
                break;
            case Step::chain_b:
                deliver(*store, history.b, history.chain_b[next_b++]);
                break;
            case Step::ahead_a:
                REQUIRE(backend::ingest_advance(*store, history.a.id, history.ahead_a).has_value());
                break;
            case Step::ahead_b:
                REQUIRE(backend::ingest_advance(*store, history.b.id, history.ahead_b).has_value());
                break;
        }
        REQUIRE(backend::sequence(*store).has_value());
    }
    return {test::states(*store), test::effects(*store)};
}

/// Plays every order, on PostgreSQL one in eleven (a round trip a statement: the rule is the same,
/// the engine is what is tested there); all must end alike. returns  that end.
Outcome play_all(History& history) {
    std::vector<Step> order(history.chain_a.size(), Step::chain_a);
    order.insert(order.end(), history.chain_b.size() - 1, Step::chain_b);
    order.push_back(Step::ahead_a);
    if (history.act_b != 0) order.push_back(Step::ahead_b);
    std::ranges::sort(order);
    const Outcome first = play(history, order);
    const int stride = test::on_postgresql() ? 11 : 1;
    int different = 0;
    int number = 0;
    while (std::ranges::next_permutation(order).found) {
        if (++number % stride == 0 && play(history, order) != first) ++different;
    }
    CHECK(different == 0);
    return first;
}

void add(Terminal& terminal, std::vector<std::string>& chain, const test::Draft& draft) {
    const std::uint64_t seq = terminal.append(draft);
    chain.push_back(terminal.batch(seq, seq));
}

}  // namespace

TEST_CASE(
    "order: grants and withdrawals of two terminals end alike in every order of delivery (I10)") {
    struct Row {
        std::uint64_t observed;
        States expected;
    };
    // A: grant 50, withdrawal 60 of recipient 1, grant 51.  B: withdrawal 70 of the subject
    // (first), grant 52, then withdrawal 71 of entry + recipient 2. What B's first act ends depends
    // on what the others had observed.
    const Row rows[] = {
        {0, {{{50, 0}, 2}, {{50, 1}, 2}, {{51, 0}, 2}, {{51, 1}, 2}, {{52, 0}, 2}, {{52, 1}, 2}}},
        // Seen: 51 lives but for part 1, which 71 ended elsewhere; 52 comes after 70 on its own
        // chain, but 60 ended part 0.
        {1, {{{50, 0}, 2}, {{50, 1}, 2}, {{51, 0}, 0}, {{51, 1}, 2}, {{52, 0}, 2}, {{52, 1}, 2}}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.observed);
        History history;
        add(history.b, history.chain_b, withdrawal(70, TargetKind::subject, tag(1)));
        add(history.b, history.chain_b, grant(52));
        add(history.b, history.chain_b, withdrawal(71, TargetKind::entry_recipient, tag(22)));
        // Every order of all seven deliveries once; the other row does without the second advance
        // copy.
        history.act_b = row.observed == 1 ? 3 : 0;
        add(history.a, history.chain_a, grant(50, row.observed));
        add(history.a, history.chain_a, withdrawal(60, TargetKind::recipient, tag(11)));
        history.act_a = 2;
        add(history.a, history.chain_a, grant(51, row.observed));
        history.seal();
        CHECK(play_all(history).states == row.expected);
    }
}

TEST_CASE("order: an objection and its end give the same state in every order (I10)") {
    for (const std::uint64_t observed : {0U, 1U}) {
        CAPTURE(observed);
        History history;
        auto objection = grant(40);
        objection.kind = Kind::objection;
        add(history.b, history.chain_b, objection);
        auto end = withdrawal(80, TargetKind::entry_recipient, tag(12));
        end.kind = Kind::objection_withdrawn;
        end.observed = observed;
        add(history.a, history.chain_a, end);
        add(history.a, history.chain_a, withdrawal(60, TargetKind::subject, tag(1)));
        history.act_a = 2;
        add(history.b, history.chain_b, withdrawal(71, TargetKind::recipient, tag(11)));
        history.act_b = 2;
        history.seal();
        // Only the part that was named, and only if its end had seen the objection; withdrawals
        // leave it alone.
        const int ended = observed == 0 ? 0 : 2;
        CHECK(play_all(history).states == States{{{40, 0}, ended}, {{40, 1}, 0}});
    }
}
