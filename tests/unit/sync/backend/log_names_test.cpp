// SPDX-License-Identifier: EUPL-1.2
// A log that was begun anew out of a backup: what a terminal saw of the one before counts only
// where both are the same, whatever has come into the new one since.
#include "sync/backend/log/log_names.hpp"

#include "sync/backend/ingest/ingest.hpp"
#include "sync/backend/log/sequencer.hpp"
#include "sync/model/record.hpp"
#include "tests/unit/sync/backend/world.hpp"

#include <doctest/doctest.h>

using base::Errc;
using model::TargetKind;
using test::grant;
using test::tag;
using test::withdrawal;

namespace {

struct World {
    test::SeededRandom random{7};
    std::unique_ptr<backend::Store> store = test::memory_store();
    test::Terminal a{1, random};
    test::Terminal b{2, random};

    World() {
        test::enrol(*store, a);
        test::enrol(*store, b);
    }
    void take(test::Terminal& terminal, std::uint64_t from, std::uint64_t to) {
        REQUIRE(backend::ingest_batch(*store, terminal.id, terminal.batch(from, to)).has_value());
        REQUIRE(backend::sequence(*store).has_value());
    }
};

}  // namespace

TEST_CASE("log names: a claim counts as far as its log and the present one are the same") {
    const backend::LogNames names{50, {{1, 0}, {2, 20}, {4, 30}}};
    struct Row {
        std::uint32_t generation;
        std::uint64_t size;
        std::uint64_t proves;
    };
    for (const Row& row :
         {Row{4, 50, 50}, Row{4, 51, 0}, Row{2, 29, 29}, Row{2, 31, 30}, Row{2, 1'000, 30},
          Row{1, 19, 19}, Row{1, 21, 20}, Row{1, 1'000, 20}, Row{3, 10, 0}, Row{5, 10, 0}}) {
        CAPTURE(row.generation);
        CAPTURE(row.size);
        CHECK(names.provable(model::observed_claim(row.generation, row.size)) == row.proves);
    }
}

TEST_CASE("log names: the next name is entered once, and none before it comes back") {
    World world;
    world.a.append(grant(50));
    world.take(world.a, 1, 1);
    REQUIRE(backend::enter_log(*world.store, "urn:test").has_value());
    REQUIRE(backend::enter_log(*world.store, "urn:test:log3").has_value());
    world.b.append(grant(51));
    world.take(world.b, 1, 1);
    REQUIRE(backend::enter_log(*world.store, "urn:test:log3").has_value());
    const auto names = backend::read_log_names(*world.store);
    REQUIRE(names.has_value());
    CHECK(names->size == 2);
    CHECK(names->first == std::map<std::uint32_t, std::uint64_t>{{1, 0}, {3, 1}});
    const auto back = backend::enter_log(*world.store, "urn:test:log2");
    REQUIRE_FALSE(back.has_value());
    CHECK(back.error().code == Errc::config_bad);
    CHECK(back.error().detail == 3);
}

TEST_CASE(
    "log names: a grant from before the backup does not outlive what came after it (I8, I9)") {
    struct Row {
        std::uint32_t generation;
        std::uint64_t observed;
        int state;
    };
    // The backup holds one record. The grant's terminal had seen a log of 2 to 100; the withdrawal
    // at place 1 of the new log is one that it has never seen, unless it follows the new log.
    for (const Row& row : {Row{1, 1, 2}, Row{1, 2, 2}, Row{1, 100, 2}, Row{2, 1, 2}, Row{2, 2, 0},
                           Row{2, 3, 2}, Row{3, 2, 2}}) {
        CAPTURE(row.generation);
        CAPTURE(row.observed);
        World world;
        world.b.append(grant(70));
        world.take(world.b, 1, 1);
        REQUIRE(backend::enter_log(*world.store, "urn:test:log2").has_value());
        world.b.append(withdrawal(60, TargetKind::subject, tag(1)));
        world.take(world.b, 2, 2);
        world.a.append(grant(50, model::observed_claim(row.generation, row.observed)));
        world.take(world.a, 1, 1);
        CHECK(test::states(*world.store)[{50, 0}] == row.state);
    }
}

TEST_CASE("log names: what both logs hold was seen before, and does not end a later grant") {
    World world;
    world.b.append(withdrawal(60, TargetKind::subject, tag(1)));
    world.take(world.b, 1, 1);
    REQUIRE(backend::enter_log(*world.store, "urn:test:log2").has_value());
    world.a.append(grant(50, model::observed_claim(1, 90)));
    world.take(world.a, 1, 1);
    CHECK(test::states(*world.store)[{50, 0}] == 0);
}
