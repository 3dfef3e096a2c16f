// SPDX-License-Identifier: EUPL-1.2
// A suspended PIN gets its tries back with CAN and PIN typed at the reader, and in no other way.
#include "drivers/eid/reader_pin.hpp"

#include "tests/unit/drivers/eid/pad_in_process.hpp"

#include <doctest/doctest.h>

using base::Errc;
using eid_test::PadInProcess;
using eid_test::World;

namespace {

struct Resumed {
    base::Result<void> result;
    unsigned asked;
    unsigned tries_left;
};
Resumed resume(unsigned tries, const std::string& script = {},
               std::optional<eid::PinState> expected = {}) {
    World world;
    world.chip->passwords().pin_tries = tries;
    PadInProcess pad(*world.chip, script);
    auto result = eid::resume_pin_at_reader({pad, world.random, &world.observer}, expected);
    CHECK(pad.reader.asked().chat.empty());
    CHECK(pad.reader.asked().pin.empty());
    return {std::move(result), pad.reader.asked().times, world.chip->passwords().pin_tries};
}

}  // namespace

TEST_CASE("reader pin: resumed with CAN and PIN, checked with the PIN while tries remain") {
    for (const unsigned tries : {1U, 2U, 3U}) {
        CAPTURE(tries);
        const Resumed done = resume(tries);
        CHECK(done.result.has_value());
        CHECK(done.asked == (tries == 1 ? 2 : 1));
        CHECK(done.tries_left == 3);
    }
    // A reader that offers PACE but no eID does it, too: no template is needed.
    CHECK(resume(1, "abilities=40").result.has_value());
    CHECK(resume(1, "apdu_bytes=256").result.has_value());
}

TEST_CASE("reader pin: wrong CAN, wrong PIN, another state, nobody types") {
    struct Row {
        unsigned tries;
        const char* script;
        Errc errc;
        unsigned asked;
        unsigned tries_left;
    };
    for (const Row& row :
         {Row{1, "can=111111", Errc::can_wrong, 1, 1}, Row{1, "pin=111111", Errc::pin_wrong, 2, 0},
          Row{2, "pin=111111", Errc::pin_wrong, 1, 1}, Row{0, "", Errc::pin_blocked, 0, 0},
          Row{1, "result=F0200001", Errc::cancelled, 1, 1},
          Row{1, "result=F0200002", Errc::card_timeout, 1, 1},
          Row{1, "card_access=wrong", Errc::pace_failed, 1, 1},
          Row{1, "abilities=none", Errc::reader_feature_missing, 0, 1},
          Row{1, "abilities=10", Errc::reader_feature_missing, 0, 1},
          // The card's channel was not kept: nothing goes on, nothing is spent.
          Row{1, "protect=no", Errc::card_status_unexpected, 2, 1}}) {
        CAPTURE(row.script);
        const Resumed done = resume(row.tries, row.script);
        REQUIRE_FALSE(done.result.has_value());
        CHECK(done.result.error().code == row.errc);
        CHECK(done.asked == row.asked);
        CHECK(done.tries_left == row.tries_left);
    }
    const Resumed moved = resume(1, "", eid::PinState::two_tries);
    REQUIRE_FALSE(moved.result.has_value());
    CHECK(moved.result.error().code == Errc::pin_counter_moved);
    CHECK(moved.asked == 0);
}
