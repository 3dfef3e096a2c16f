// SPDX-License-Identifier: EUPL-1.2
// What a terminal can know of its own certificates before a card is there: rights, dates, and where
// its chains begin.
#include "drivers/eid/terminal_auth.hpp"

#include "tests/unit/drivers/eid/world.hpp"

#include <doctest/doctest.h>

using base::Errc;
using namespace std::chrono_literals;
using eid_test::World;

namespace {

eid::TerminalChain chain_of(const World& world) {
    auto chain = eid::load_chain(*world.authenticator);
    REQUIRE(chain.has_value());
    return std::move(*chain);
}

}  // namespace

TEST_CASE("terminal chain: rights are what all certificates at hand have in common") {
    const auto some = eid::right_read(4) | eid::right_read(5);
    World world({.rights = some.bits});
    auto chain = chain_of(world);
    CHECK(chain.rights() == some);
    for (auto& issuer : chain.pool) issuer.chat.rights = eid::right_read(5);
    CHECK(chain.rights() == eid::right_read(5));
    chain.pool.clear();
    CHECK(chain.rights() == some);
}

TEST_CASE("terminal chain: dates of the terminal, and of an issuer unless another one is valid") {
    World world;
    auto chain = chain_of(world);
    const eid::Date today{2026y / 11 / 24};
    CHECK(eid::check_dates(chain, today).has_value());
    CHECK(eid::check_dates(chain, eid::Date{2029y / 11 / 2}).error().code ==
          Errc::certificate_expired);
    CHECK(eid::check_dates(chain, eid::Date{2026y / 10 / 31}).error().code ==
          Errc::certificate_expired);
    auto old = chain.pool[0];
    old.expiration = eid::Date{2026y / 11 / 10};
    chain.pool.insert(chain.pool.begin(), old);
    CHECK(eid::check_dates(chain, today).has_value());
    chain.pool.erase(chain.pool.begin() + 1);
    CHECK(eid::check_dates(chain, today).error().code == Errc::certificate_expired);
}

TEST_CASE("terminal chain: it begins where nobody in the pool has certified the issuer") {
    World world;
    auto chain = chain_of(world);
    CHECK(chain.roots() == std::vector<std::string>{"DECVCATEST00001"});
    chain.pool.clear();
    CHECK(chain.roots() == std::vector<std::string>{chain.terminal.authority_reference});
}

TEST_CASE("terminal auth: a card that names no authority gets the whole chain") {
    World world({.old_trust_point = true});
    const auto result = world.read(world.request());
    REQUIRE(result.has_value());
    const auto chain = chain_of(world);
    const auto path = eid::find_path(chain.terminal, chain.pool, chain.roots());
    REQUIRE(path.has_value());
    CHECK(path->size() == 3);
}
