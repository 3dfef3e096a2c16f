// SPDX-License-Identifier: EUPL-1.2
// An authority switches the PIN of a card on and off: only with the right, only over a channel that
// both sides have proved, and never beside the order of the procedure.
#include "drivers/eid/authenticate.hpp"
#include "tests/unit/drivers/eid/world.hpp"

#include <doctest/doctest.h>

using base::Errc;
using eid::PinActivity;
using eid_test::can_of;
using eid_test::World;

namespace {

eid::AuthenticateRequest at_the_counter(const World& world, PinActivity activity) {
    auto request = world.request();
    request.credentials = eid::OnSite{can_of("500540"), eid_test::attestation()};
    request.groups.clear();
    request.restricted_id = eid::WantRestrictedId::none;
    request.pin_activity = activity;
    return request;
}

}  // namespace

TEST_CASE("pin activity: a PIN that is off is switched on at the counter, and then counts") {
    World world({.person = "minor_deactivated"});
    REQUIRE(world.read(at_the_counter(world, PinActivity::activate)).has_value());
    CHECK(world.chip->passwords().pin_active);
    world.reinsert();
    const auto state = eid::read_pin_state(world.pin_ports());
    REQUIRE(state.has_value());
    CHECK(*state == eid::PinState::three_tries);
}

TEST_CASE("pin activity: the holder may have it switched off, and then the PIN opens nothing") {
    World world;
    auto request = world.request();
    request.pin_activity = PinActivity::deactivate;
    const auto result = world.read(std::move(request));
    REQUIRE(result.has_value());
    // What was asked for besides was done before.
    CHECK(result->pseudonym.has_value());
    CHECK_FALSE(world.chip->passwords().pin_active);
    world.reinsert();
    const auto again = world.read(world.request());
    REQUIRE_FALSE(again.has_value());
    CHECK(again.error().code == Errc::pin_deactivated);
}

TEST_CASE("pin activity: without the right no card is asked, and nothing changes") {
    World world({.rights = eid::rights_mask & ~eid::right_pin_management.bits});
    const unsigned before = world.transport->commands;
    const auto result = world.read(at_the_counter(world, PinActivity::deactivate));
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == Errc::right_missing);
    CHECK(world.transport->commands == before);
    CHECK(world.chip->passwords().pin_active);
}

TEST_CASE("pin activity: a run that asks for nothing of the kind has no such right in its CHAT") {
    World world;
    const auto result = world.read(world.request());
    REQUIRE(result.has_value());
    CHECK_FALSE(result->rights.include(eid::right_pin_management));
    CHECK(world.chip->passwords().pin_active);
}
