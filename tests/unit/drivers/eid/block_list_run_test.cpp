// SPDX-License-Identifier: EUPL-1.2
// Whole runs with a block list: a card reported lost gives no data group, every other card is read.
#include "drivers/base/limits.hpp"
#include "drivers/crypto/digest.hpp"
#include "tests/unit/drivers/eid/world.hpp"

#include <doctest/doctest.h>

using base::Errc;
using eid_test::World;

namespace {

/// What stands on the list for this card in this sector, as an issuer would learn it.
eid::BlockListId listed_id(World& world) {
    auto request = world.request();
    request.groups.clear();
    request.restricted_id = eid::WantRestrictedId::pseudonym_and_block_list_id;
    const auto result = world.read(std::move(request));
    REQUIRE(result.has_value());
    world.reinsert();
    return *result->block_list_id;
}

base::Bytes list_of(const base::Bytes& sector_key, std::vector<eid::BlockListId> ids) {
    auto file = eid::encode_block_list(
        {std::chrono::year(2026) / 11 / 24, crypto::sha256(sector_key), std::move(ids)});
    REQUIRE(file.has_value());
    return std::move(*file);
}

eid::AuthenticateRequest with_list(const World& world, base::ByteView list) {
    auto request = world.request();
    const auto view = eid::BlockListView::parse(list);
    REQUIRE(view.has_value());
    request.block_list = eid::BlockListCheck{*view, world.sector_key};
    return request;
}

}  // namespace

TEST_CASE("block list run: a listed card is refused before its first data group is read") {
    World world({.person = "block_listed"});
    const base::Bytes list = list_of(world.sector_key, {listed_id(world)});
    world.observer.steps.clear();
    const auto result = world.read(with_list(world, list));
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == Errc::card_on_block_list);
    CHECK(world.observer.steps.back() == eid::Step::restricted_id);
    // All of a full run but pseudonym (2) and five data groups, and the question itself (2).
    CHECK(world.observer.apdus == limits::eid_run_apdus_max - 5);
}

TEST_CASE("block list run: other cards are read, for two commands more") {
    World world({.person = "block_listed"});
    const eid::BlockListId listed = listed_id(world);
    World other({.person = "leyla"});
    const auto result = other.read(with_list(other, list_of(other.sector_key, {listed})));
    REQUIRE(result.has_value());
    CHECK(result->pseudonym.has_value());
    CHECK_FALSE(result->block_list_id.has_value());
    CHECK(result->groups.size() == 5);
    CHECK(result->apdus == limits::eid_run_apdus_max + 2);
}

TEST_CASE("block list run: without a pseudonym the card is asked all the same") {
    World world({.person = "block_listed"});
    const base::Bytes list = list_of(world.sector_key, {listed_id(world)});
    auto request = with_list(world, list);
    request.restricted_id = eid::WantRestrictedId::none;
    request.sector_key.clear();
    CHECK(eid::needed_rights(request).include(eid::right_restricted_id));
    CHECK(world.read(std::move(request)).error().code == Errc::card_on_block_list);
}

TEST_CASE("block list run: a list or a sector that cannot hit ends the run before the card") {
    World world({.person = "block_listed"});
    const eid::BlockListId listed = listed_id(world);
    base::Bytes list = list_of(world.sector_key, {listed});
    base::Bytes other_key = world.sector_key;
    other_key.back() ^= 1U;
    Errc expected = Errc::config_bad;
    eid::AuthenticateRequest request;
    SUBCASE("list of another sector") {
        list = list_of(other_key, {listed});
        request = with_list(world, list);
    }
    SUBCASE("sector that the certificate does not name") {
        request = with_list(world, list);
        request.block_list->sector_key = other_key;
        expected = Errc::restricted_id_failed;
    }
    const auto result = world.read(std::move(request));
    CHECK(result.error().code == expected);
    CHECK(world.transport->commands == 0);
}

TEST_CASE("block list run: a card that does not answer the question is not read") {
    World world({.person = "block_listed"});
    const base::Bytes list = list_of(world.sector_key, {});
    const unsigned asked = limits::eid_run_apdus_max - 5;
    world.transport->fault = [&](unsigned index, base::ByteView,
                                 base::Bytes answer) -> base::Result<base::Bytes> {
        if (index == asked) return base::fail(Errc::card_removed, "test");
        return answer;
    };
    CHECK(world.read(with_list(world, list)).error().code == Errc::card_removed);
    CHECK(world.transport->commands == asked);
}

TEST_CASE("block list run: without the right of restricted identification the card decides") {
    // TR-03110-4 2.2.3.2: any authenticated terminal, unless the key says authorizedOnly. The
    // virtual card says so of the pseudonym and not of the block list's key.
    World world({.rights = eid::rights_mask & ~eid::right_restricted_id.bits});
    auto request = with_list(world, list_of(world.sector_key, {}));
    request.restricted_id = eid::WantRestrictedId::none;
    const auto looked_up = world.read(std::move(request));
    REQUIRE(looked_up.has_value());
    CHECK_FALSE(looked_up->rights.include(eid::right_restricted_id));
    world.reinsert();
    const auto pseudonym = world.read(world.request());
    REQUIRE_FALSE(pseudonym.has_value());
    CHECK(pseudonym.error().code == Errc::right_missing);
    CHECK(pseudonym.error().detail == 0x6982);
}
