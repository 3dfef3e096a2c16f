// SPDX-License-Identifier: EUPL-1.2
// What each status word of a card means at the two places where cards differ most: at the end of
// PACE, for each password, and at RESET RETRY COUNTER.
#include "tests/unit/drivers/eid/flows.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using base::Errc;
using card::StatusWord;
using eid_test::World;

namespace {

constexpr std::uint8_t last_step_of_pace = 0x86;
constexpr std::uint8_t reset_retry_counter = 0x2C;

const eid_test::Flow& flow_named(const std::string& name) {
    const auto& all = eid_test::flows();
    const auto found = std::ranges::find(all, name, &eid_test::Flow::name);
    REQUIRE(found != all.end());
    return *found;
}

/// How the flow ends if the card answers this instruction (the last of a chain) with that word.
base::Error ending(World& world, const eid_test::Flow& flow, std::uint8_t instruction,
                   StatusWord word) {
    eid_test::enter(world, flow.home);
    world.reinsert();
    world.chip->watch([&](const card::Command& command, card::Answer& answer) {
        if (command.ins == instruction && !command.chained()) answer = word;
    });
    const auto result = flow.run(world);
    REQUIRE_FALSE(result.has_value());
    return result.error();
}

struct Row {
    StatusWord word;
    Errc code;
};

void check_rows(const std::string& name, std::uint8_t instruction,
                std::initializer_list<Row> rows) {
    World world;
    for (const Row& row : rows) {
        CAPTURE(name);
        CAPTURE(row.word);
        const base::Error error = ending(world, flow_named(name), instruction, row.word);
        CHECK(error.code == row.code);
        CHECK(error.detail == row.word);
    }
}

}  // namespace

TEST_CASE("status word: the end of PACE with PIN, CAN and PUK") {
    check_rows("read with PIN", last_step_of_pace,
               {{0x63C2, Errc::pin_wrong},
                {0x6300, Errc::pin_wrong},
                {0x6985, Errc::pin_suspended},
                {0x6983, Errc::pin_blocked},
                {0x6984, Errc::pin_deactivated},
                {0x6A80, Errc::pace_failed}});
    check_rows("read on site", last_step_of_pace,
               {{0x63C1, Errc::can_wrong},
                {0x6300, Errc::can_wrong},
                {0x6985, Errc::right_missing},
                {0x6982, Errc::right_missing},
                {0x6A80, Errc::pace_failed}});
    check_rows("unblock", last_step_of_pace,
               {{0x63C4, Errc::puk_wrong},
                {0x6300, Errc::puk_wrong},
                {0x63C0, Errc::puk_inoperative},
                {0x6982, Errc::puk_inoperative},
                {0x6983, Errc::puk_inoperative},
                {0x6985, Errc::puk_inoperative},
                {0x6900, Errc::puk_inoperative},
                {0x6A80, Errc::pace_failed}});
}

TEST_CASE("status word: setting a new PIN, and using the PUK") {
    check_rows("change PIN", reset_retry_counter,
               {{0x6984, Errc::secret_format_bad},
                {0x6982, Errc::right_missing},
                {0x6A80, Errc::card_status_unexpected}});
    check_rows("unblock", reset_retry_counter,
               {{0x6984, Errc::secret_format_bad},
                {0x6982, Errc::puk_inoperative},
                {0x6900, Errc::puk_inoperative},
                {0x6A80, Errc::card_status_unexpected}});
}
