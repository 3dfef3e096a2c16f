// SPDX-License-Identifier: EUPL-1.2
// What the downstream must not forget survives, whole, and an older journal gets the place for it.
#include "tests/fakes/journal_world.hpp"

#include <doctest/doctest.h>

using base::Bytes;
using fakes::JournalWorld;

TEST_CASE("downstream state: nothing at first, then the last one that was stored (I14)") {
    JournalWorld world;
    {
        auto journal = world.open();
        CHECK_FALSE((*journal.downstream_state()).has_value());
        REQUIRE(journal.store_downstream_state({Bytes{1}, {}, false}).has_value());
        REQUIRE(journal.store_downstream_state({Bytes{2, 3}, Bytes(300'000, 7), true}).has_value());
    }
    auto journal = world.open();
    const auto state = journal.downstream_state();
    REQUIRE(state.has_value());
    REQUIRE(state->has_value());
    CHECK((*state)->root == Bytes{2, 3});
    CHECK((*state)->manifest == Bytes(300'000, 7));
    CHECK((*state)->manifest_counts);
}
