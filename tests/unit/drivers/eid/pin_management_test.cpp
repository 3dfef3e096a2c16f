// SPDX-License-Identifier: EUPL-1.2
// Every way of caring for a PIN against the virtual card, in every state of the counter.
#include "drivers/eid/pin_management.hpp"

#include "tests/unit/drivers/eid/world.hpp"

#include <doctest/doctest.h>

using base::Errc;
using eid_test::can_of;
using eid_test::pin_of;
using eid_test::puk_of;
using eid_test::World;

namespace {

base::Result<void> change(World& world, std::string_view from, std::string_view to,
                          std::optional<eid::Can> can = {}) {
    world.reinsert();
    return eid::change_pin({pin_of(from), pin_of(to), std::move(can), {}}, world.pin_ports());
}

base::Result<void> unblock(World& world, std::string_view puk,
                           std::optional<eid::Pin> new_pin = {}) {
    world.reinsert();
    return eid::unblock_pin({puk_of(puk), std::move(new_pin)}, world.pin_ports());
}

}  // namespace

TEST_CASE("pin: each state is read without costing a try") {
    struct Row {
        const char* person;
        eid::PinState state;
    };
    for (const Row& row :
         {Row{"leyla", eid::PinState::three_tries}, Row{"suspended", eid::PinState::suspended},
          Row{"blocked", eid::PinState::blocked},
          Row{"minor_deactivated", eid::PinState::deactivated}}) {
        CAPTURE(row.person);
        World world({.person = row.person});
        const auto before = world.chip->passwords().pin_tries;
        const auto state = eid::read_pin_state(world.pin_ports());
        REQUIRE(state.has_value());
        CHECK(*state == row.state);
        CHECK(world.chip->passwords().pin_tries == before);
    }
}

TEST_CASE("pin: a change makes the new PIN count and the old one wrong") {
    World world;
    REQUIRE(change(world, "123456", "654321").has_value());
    CHECK(world.chip->passwords().pin == "654321");
    CHECK(change(world, "123456", "111111").error().code == Errc::pin_wrong);
    CHECK(world.chip->passwords().pin_tries == 2);
    CHECK(change(world, "654321", "123456").has_value());
    CHECK(world.chip->passwords().pin_tries == 3);
}

TEST_CASE("pin: the transport PIN has five digits and becomes a PIN of six") {
    World world({.person = "transport_pin"});
    const std::string transport = world.chip->passwords().pin;
    REQUIRE(transport.size() == 5);
    CHECK(change(world, transport, "12345").error().code == Errc::secret_format_bad);
    REQUIRE(change(world, transport, "987654").has_value());
    CHECK(world.chip->passwords().pin == "987654");
}

TEST_CASE("pin: malformed secrets never reach the card") {
    World world;
    for (const char* bad : {"", "1", "1234", "12345a", "1234 6"}) {
        CAPTURE(bad);
        CHECK(change(world, bad, "123456").error().code == Errc::secret_format_bad);
        CHECK(change(world, "123456", bad).error().code == Errc::secret_format_bad);
        CHECK(world.transport->commands == 0);
    }
    CHECK(unblock(world, "123").error().code == Errc::secret_format_bad);
    CHECK(world.transport->commands == 0);
}

TEST_CASE("pin: a suspended PIN needs the CAN, then counts from three again") {
    World world({.person = "suspended"});
    CHECK(change(world, "123456", "654321").error().code == Errc::pin_suspended);
    CHECK(world.chip->passwords().pin_tries == 1);
    CHECK(change(world, "123456", "654321", can_of("111111")).error().code == Errc::can_wrong);
    CHECK(world.chip->passwords().pin_tries == 1);
    world.reinsert();
    REQUIRE(
        eid::resume_pin({can_of("500540"), pin_of("123456"), {}}, world.pin_ports()).has_value());
    CHECK(world.chip->passwords().pin_tries == 3);
}

TEST_CASE("pin: a wrong last try blocks, and only the PUK helps") {
    World world({.person = "suspended"});
    const auto wrong = eid::resume_pin({can_of("500540"), pin_of("111111"), {}}, world.pin_ports());
    CHECK(wrong.error().code == Errc::pin_wrong);
    CHECK(wrong.error().detail == 0x63C0);
    CHECK(change(world, "123456", "654321").error().code == Errc::pin_blocked);
    CHECK(unblock(world, "1111111111").error().code == Errc::puk_wrong);
    REQUIRE(unblock(world, "9876543210").has_value());
    CHECK(world.chip->passwords().pin_tries == 3);
    CHECK(world.chip->passwords().pin == "123456");
}

TEST_CASE("pin: the PUK is refused while tries remain, and when it is used up") {
    World world;
    CHECK(unblock(world, "9876543210").error().code == Errc::puk_not_needed);
    CHECK(world.chip->passwords().puk_uses == 10);
    World suspended({.person = "suspended"});
    CHECK(unblock(suspended, "9876543210").error().code == Errc::puk_not_needed);
    World used_up({.person = "puk_used_up"});
    CHECK(unblock(used_up, "9876543210").error().code == Errc::puk_inoperative);
    World minor({.person = "minor_deactivated"});
    CHECK(unblock(minor, "9876543210").error().code == Errc::pin_deactivated);
}

TEST_CASE("pin: another state than the one shown ends a change unspent") {
    World world;
    world.reinsert();
    const auto moved = eid::change_pin(
        {pin_of("123456"), pin_of("654321"), {}, eid::PinState::two_tries}, world.pin_ports());
    CHECK(moved.error().code == Errc::pin_counter_moved);
    CHECK(world.chip->passwords().pin == "123456");
    CHECK(world.observer.tries.empty());
}

TEST_CASE("pin: a card pulled at any command of a change is card_removed and nothing is repeated") {
    World world;
    constexpr unsigned change_commands = 7;  // EF.CardAccess, five of PACE, the new PIN: the least
    for (unsigned at = 1; at <= change_commands; ++at) {
        CAPTURE(at);
        world.reinsert();
        world.transport->fault = [&](unsigned index, base::ByteView,
                                     base::Bytes answer) -> base::Result<base::Bytes> {
            if (index < at) return answer;
            return base::fail(Errc::card_removed, "pulled");
        };
        const auto result =
            eid::change_pin({pin_of("123456"), pin_of("123456"), {}, {}}, world.pin_ports());
        REQUIRE_FALSE(result.has_value());
        CHECK(result.error().code == Errc::card_removed);
        CHECK(world.transport->commands == at);
    }
}
