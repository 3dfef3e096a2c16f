// SPDX-License-Identifier: EUPL-1.2
// Every flow on a card in every state of its PIN: what the driver says, and what it cost. A flow
// that the state forbids ends before anything typed is sent.
#include "tests/unit/drivers/eid/flows.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

using base::Errc;
using card::PinState;
using eid_test::World;

namespace {

using Expected = std::optional<Errc>;  // nothing = it works
constexpr Expected works = {};
constexpr Expected wrong = Errc::pin_wrong;
constexpr Expected suspended = Errc::pin_suspended;
constexpr Expected blocked = Errc::pin_blocked;
constexpr Expected off = Errc::pin_deactivated;
constexpr Expected unneeded = Errc::puk_not_needed;
constexpr Expected used_up = Errc::puk_inoperative;

struct Row {
    std::string name;
    PinState state;
    std::array<Expected, 9> endings;  ///< in the order of flows()
};

// read      read with  read with     on     resume     change     change     un-       probe
// with PIN  wrong PIN  CAN and PIN   site   PIN        PIN        transport  block
const std::array<Row, 7> rows = {{
    {"three tries",
     PinState::operational,
     {works, wrong, works, works, works, works, wrong, unneeded, works}},
    {"two tries",
     PinState::two_left,
     {works, wrong, works, works, works, works, wrong, unneeded, works}},
    {"suspended",
     PinState::suspended,
     {suspended, suspended, works, works, works, suspended, suspended, unneeded, works}},
    {"blocked",
     PinState::blocked,
     {blocked, blocked, blocked, works, blocked, blocked, blocked, works, works}},
    {"deactivated", PinState::deactivated, {off, off, off, works, off, off, off, off, works}},
    {"transport PIN",
     PinState::transport,
     {wrong, wrong, wrong, works, wrong, wrong, works, unneeded, works}},
    {"PUK used up",
     PinState::puk_used_up,
     {blocked, blocked, blocked, works, blocked, blocked, blocked, used_up, works}},
}};

}  // namespace

TEST_CASE("state: each flow in each state of the PIN ends as it must and costs at most one try") {
    World world;
    std::ostringstream table;
    table << "states x flows:";
    for (const Row& row : rows) {
        table << "\n  " << row.name << ':';
        for (std::size_t i = 0; i < row.endings.size(); ++i) {
            const auto& flow = eid_test::flows().at(i);
            CAPTURE(row.name);
            CAPTURE(flow.name);
            eid_test::enter(world, row.state);
            world.reinsert();
            const card::Passwords before = world.chip->passwords();
            const auto result = flow.run(world);
            const Expected got = result ? works : Expected(result.error().code);
            CHECK(got == row.endings[i]);
            const card::Passwords& after = world.chip->passwords();
            const unsigned cost = got == wrong ? 1 : 0;
            CHECK(after.pin_tries + cost >= before.pin_tries);
            if (got && got != wrong) CHECK(after.pin_tries == before.pin_tries);
            CHECK(after.pin_active == before.pin_active);
            table << ' ' << (got ? std::to_string(static_cast<int>(*got)) : "ok");
        }
    }
    CHECK(rows[0].endings.size() == eid_test::flows().size());
    MESSAGE(table.str());
}
