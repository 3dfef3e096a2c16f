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

TEST_CASE("reader pin: a new PIN, also in place of the transport PIN, typed twice at the reader") {
    const auto change = [](World& world, const std::string& script,
                           std::optional<eid::PinState> expected = {}) {
        PadInProcess pad(*world.chip, script);
        return eid::change_pin_at_reader({pad, world.random, &world.observer}, expected);
    };
    struct Row {
        unsigned tries;
        const char* old_pin;
        const char* script;
        std::optional<Errc> errc;
        const char* pin;
    };
    for (const Row& row :
         {Row{3, "123456", "new_pin=654321", {}, "654321"},
          Row{3, "12345", "pin=12345 new_pin=654321", {}, "654321"},
          Row{1, "123456", "new_pin=654321", {}, "654321"},
          Row{3, "123456", "again=111111", Errc::secret_format_bad, "123456"},
          Row{3, "123456", "new_pin=12345", Errc::secret_format_bad, "123456"},
          Row{3, "123456", "new_pin=1234567", Errc::secret_format_bad, "123456"},
          Row{3, "123456", "new_status=6401", Errc::cancelled, "123456"},
          Row{3, "123456", "new_status=6400", Errc::card_timeout, "123456"},
          Row{3, "123456", "new_status=6984", Errc::secret_format_bad, "123456"},
          Row{3, "123456", "new_status=6982", Errc::right_missing, "123456"},
          Row{3, "123456", "new_status=6F00", Errc::card_status_unexpected, "123456"},
          Row{3, "123456", "new_status=", Errc::card_answer_bad, "123456"},
          Row{3, "123456", "new_pin=none", Errc::reader_feature_missing, "123456"},
          Row{3, "123456", "abilities=none", Errc::reader_feature_missing, "123456"},
          Row{3, "123456", "pin=111111", Errc::pin_wrong, "123456"},
          Row{0, "123456", "", Errc::pin_blocked, "123456"}}) {
        CAPTURE(row.script);
        World world;
        world.chip->passwords().pin = row.old_pin;
        world.chip->passwords().pin_tries = row.tries;
        const auto result = change(world, row.script);
        CHECK(result.has_value() == !row.errc.has_value());
        if (!result && row.errc) CHECK(result.error().code == *row.errc);
        CHECK(world.chip->passwords().pin == row.pin);
    }
    World world;
    const auto moved = change(world, "", eid::PinState::two_tries);
    REQUIRE_FALSE(moved.has_value());
    CHECK(moved.error().code == Errc::pin_counter_moved);
    CHECK(world.chip->passwords().pin == "123456");
}
