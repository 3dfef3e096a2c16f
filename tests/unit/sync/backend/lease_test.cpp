// SPDX-License-Identifier: EUPL-1.2
// Who gives out places in the log: one holder at a time, replaced when it falls silent or leaves,
// and one that was replaced without noticing writes nothing.
#include "sync/backend/log/lease.hpp"

#include "sync/backend/ingest/ingest.hpp"
#include "sync/backend/log/sequencer.hpp"
#include "tests/unit/sync/backend/world.hpp"

#include <doctest/doctest.h>

using backend::Lease;

namespace {

struct World {
    test::SeededRandom random{4};
    std::unique_ptr<backend::StoreOpener> database = test::new_database();
    std::unique_ptr<backend::Store> store = std::move(*database->open());
    std::unique_ptr<backend::Store> other = std::move(*database->open());
    test::Terminal terminal{1, random};
    Lease first{{1}};
    Lease second{{2}};

    World() { test::enrol(*store, terminal); }
    void ingest() {
        const std::uint64_t seq = terminal.append(test::grant(1));
        REQUIRE(backend::ingest_batch(*store, terminal.id, terminal.batch(seq, seq)).has_value());
    }
    bool tend(Lease& lease, std::uint64_t now_ms) {
        const auto held = lease.tend(&lease == &first ? *store : *other, now_ms);
        REQUIRE(held.has_value());
        CHECK(*held == lease.held());
        return *held;
    }
};

}  // namespace

TEST_CASE("lease: the first to come holds it, and as long as it beats nobody else does") {
    World world;
    CHECK(world.tend(world.first, 0));
    CHECK_FALSE(world.tend(world.second, 0));
    for (std::uint64_t now_ms = limits::lease_beat_ms; now_ms < 5 * limits::lease_ms_max;
         now_ms += limits::lease_beat_ms) {
        REQUIRE(backend::sequence(*world.store, &world.first).has_value());
        CHECK_FALSE(world.tend(world.second, now_ms));
    }
    CHECK(world.first.held());
}

TEST_CASE("lease: a holder that falls silent is replaced, and writes nothing when it comes back") {
    World world;
    REQUIRE(world.tend(world.first, 0));
    REQUIRE(backend::sequence(*world.store, &world.first).has_value());
    CHECK_FALSE(world.tend(world.second, 10'000));
    CHECK_FALSE(world.tend(world.second, 10'000 + limits::lease_ms_max - 1));
    CHECK(world.tend(world.second, 10'000 + limits::lease_ms_max));
    world.ingest();
    // The first was paused all the while and goes on where it was.
    REQUIRE(world.first.held());
    const auto late = backend::sequence(*world.store, &world.first);
    REQUIRE_FALSE(late.has_value());
    CHECK(late.error().code == base::Errc::journal_locked);
    CHECK_FALSE(world.first.held());
    CHECK(backend::read_log_head(*world.store)->size == 0);
    CHECK(backend::sequence(*world.other, &world.second)->size == 1);
    // It is one of the others now.
    CHECK_FALSE(world.tend(world.first, 0));
}

TEST_CASE("lease: one that is given back is taken at once") {
    World world;
    REQUIRE(world.tend(world.first, 0));
    REQUIRE(world.first.release(*world.store).has_value());
    CHECK_FALSE(world.first.held());
    CHECK(world.tend(world.second, 0));
    CHECK_MESSAGE(world.first.release(*world.store).has_value(), "given back twice: no harm");
    CHECK_FALSE(world.tend(world.first, 1));
    CHECK(backend::sequence(*world.other, &world.second).has_value());
}

TEST_CASE("lease: a beat at the last moment keeps the holder in office") {
    World world;
    REQUIRE(world.tend(world.first, 0));
    CHECK_FALSE(world.tend(world.second, 0));
    REQUIRE(backend::sequence(*world.store, &world.first).has_value());
    CHECK_FALSE(world.tend(world.second, limits::lease_ms_max));
    CHECK_FALSE(world.tend(world.second, 2 * limits::lease_ms_max - 1));
    CHECK(world.tend(world.second, 2 * limits::lease_ms_max));
}
