// SPDX-License-Identifier: EUPL-1.2
// The log gives each committed leaf one index, whatever was interrupted in between.
#include "sync/backend/log/sequencer.hpp"

#include "drivers/base/limits.hpp"
#include "sync/backend/ingest/ingest.hpp"
#include "tests/unit/sync/backend/world.hpp"

#include <doctest/doctest.h>

namespace {

struct World {
    test::SeededRandom random{9};
    std::unique_ptr<backend::Store> store = test::memory_store();
    test::Terminal terminal{1, random};

    World() { test::enrol(*store, terminal); }
    void ingest(std::uint64_t from, std::uint64_t to) {
        REQUIRE(backend::ingest_batch(*store, terminal.id, terminal.batch(from, to)).has_value());
    }
};

}  // namespace

TEST_CASE("sequencer: what a crash left without an index gets it in the next round, once") {
    World world;
    for (int i = 0; i < 5; ++i) world.terminal.append(test::grant(1));
    world.ingest(1, 3);
    CHECK(backend::read_log_head(*world.store)->size == 0);
    CHECK(backend::sequence(*world.store)->size == 3);
    const auto head = backend::sequence(*world.store);
    CHECK(head->size == 3);
    world.ingest(4, 5);
    CHECK(backend::sequence(*world.store)->size == 5);
    const auto logged =
        backend::logged_range(*world.store, {world.terminal.id, 1, 1}, world.terminal.append({}));
    REQUIRE(logged.has_value());
    REQUIRE(logged->size() == 5);
    backend::MerkleFrontier frontier;
    for (std::uint64_t i = 0; i < 5; ++i) {
        CHECK(logged->at(i).log_index == i);
        CHECK(logged->at(i).leaf == world.terminal.leaf(i + 1));
        frontier.append(world.terminal.leaf(i + 1));
    }
    CHECK(backend::read_log_head(*world.store)->root == frontier.root());
}

TEST_CASE("sequencer: one call is bounded, and the next goes on where it stopped") {
    World world;
    const std::uint64_t records = limits::sequencer_entries_max + 50;
    for (std::uint64_t seq = 1; seq <= records; ++seq) world.terminal.append(test::grant(1));
    for (std::uint64_t seq = 1; seq <= records; seq += 50) world.ingest(seq, seq + 49);
    CHECK(backend::sequence(*world.store)->size == limits::sequencer_entries_max);
    CHECK(backend::sequence(*world.store)->size == records);
}
