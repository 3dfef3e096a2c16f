// SPDX-License-Identifier: EUPL-1.2
// Whole runs against the virtual card: what comes out, what it costs, and what a fault at any
// command does.
#include "drivers/eid/authenticate.hpp"

#include "drivers/base/limits.hpp"
#include "tests/unit/drivers/eid/world.hpp"

#include <doctest/doctest.h>

using base::Errc;
using eid_test::World;

namespace {

template <class T>
Errc code_of(const base::Result<T>& result) {
    REQUIRE_FALSE(result.has_value());
    return result.error().code;
}

std::string text_of(const eid::AuthenticateResult& result, eid::DataGroup group) {
    return std::get<eid::Text>(result.groups.at(group)).value;
}

}  // namespace

TEST_CASE("authenticate: a full run gives pseudonym and groups within the APDU budget") {
    World world;
    const auto result = world.read(world.request());
    REQUIRE(result.has_value());
    REQUIRE(result->pseudonym.has_value());
    CHECK(text_of(*result, eid::DataGroup::given_names) == "LEYLA");
    CHECK(text_of(*result, eid::DataGroup::family_names) == "YILDIZ");
    CHECK(std::get<eid::PartialDate>(result->groups.at(eid::DataGroup::date_of_birth)).text() ==
          "2009-03-14");
    CHECK(result->passive_auth == eid::PassiveAuthLevel::no_trust_anchor);
    CHECK(result->apdus == limits::eid_run_apdus_max);
    CHECK(world.observer.apdus == result->apdus);
    CHECK(world.observer.tries == std::vector{eid::PinState::three_tries});
    CHECK(world.observer.steps.back() == eid::Step::data_groups);
    CHECK(result->times.size() == world.observer.steps.size());
}

TEST_CASE(
    "authenticate: a card that declares no buffers is read in short pieces within its budget") {
    World world;
    world.transport->atr_bytes.clear();
    const auto result = world.read(world.request());
    REQUIRE(result.has_value());
    CHECK(result->apdus <= limits::eid_run_apdus_short_max);
    CHECK(result->apdus > limits::eid_run_apdus_max);
}

TEST_CASE("authenticate: the pseudonym is stable for card and sector and differs between cards") {
    World first({.seed = 1});
    World other({.seed = 2});
    const auto once = first.read(first.request());
    first.reinsert();
    const auto twice = first.read(first.request());
    const auto elsewhere = other.read(other.request());
    REQUIRE(once.has_value());
    REQUIRE(twice.has_value());
    REQUIRE(elsewhere.has_value());
    CHECK(once->pseudonym == twice->pseudonym);
    CHECK(once->pseudonym != elsewhere->pseudonym);
}

TEST_CASE(
    "authenticate: link certificates are found and sent when the card knows an older authority") {
    World world({.old_trust_point = true});
    const auto result = world.read(world.request());
    REQUIRE(result.has_value());
    CHECK(result->apdus == limits::eid_run_apdus_max + 2);
}

TEST_CASE("authenticate: with the issuing country's certificate the signer is followed to it") {
    World world;
    auto request = world.request();
    request.trusted_csca = {world.chip->authority_certificate()};
    const auto result = world.read(std::move(request));
    REQUIRE(result.has_value());
    CHECK(result->passive_auth == eid::PassiveAuthLevel::verified);

    World foreign({.seed = 9});
    auto again = foreign.request();
    World third({.person = "erika"});
    base::Bytes other = third.chip->authority_certificate();
    other.back() ^= 1U;
    again.trusted_csca = {other};
    // A list that cannot vouch for the signer refuses the card; it is never treated as "no list".
    const auto refused = foreign.read(std::move(again));
    if (!refused) CHECK(refused.error().code == Errc::passive_auth_failed);
}

TEST_CASE("authenticate: a chip with a foreign key is refused and gives no byte") {
    World world({.chip_key = card::ChipKey::forged});
    CHECK(code_of(world.read(world.request())) == Errc::chip_auth_failed);
}

TEST_CASE("authenticate: a wrong PIN costs one try and is never repeated") {
    World world;
    const auto result = world.read(world.request("111111"));
    CHECK(code_of(result) == Errc::pin_wrong);
    CHECK(result.error().detail == 0x63C2);
    CHECK(world.chip->passwords().pin_tries == 2);
    CHECK(world.observer.tries == std::vector{eid::PinState::three_tries});
    world.reinsert();
    CHECK(code_of(world.read(world.request("111111"))) == Errc::pin_wrong);
    CHECK(world.chip->passwords().pin_tries == 1);
    world.reinsert();
    CHECK(code_of(world.read(world.request("111111"))) == Errc::pin_suspended);
    CHECK(world.chip->passwords().pin_tries == 1);
}

TEST_CASE(
    "authenticate: a suspended card reads with CAN and PIN, and the counter goes back to three") {
    World world({.person = "suspended"});
    auto request = world.request();
    request.credentials = eid::WithPin{eid_test::pin_of("123456"), eid_test::can_of("500540")};
    CHECK(world.read(std::move(request)).has_value());
    CHECK(world.chip->passwords().pin_tries == 3);
}

TEST_CASE("authenticate: a wrong CAN before the last try spends nothing") {
    World world({.person = "suspended"});
    auto request = world.request();
    request.credentials = eid::WithPin{eid_test::pin_of("123456"), eid_test::can_of("111111")};
    CHECK(code_of(world.read(std::move(request))) == Errc::can_wrong);
    CHECK(world.chip->passwords().pin_tries == 1);
    CHECK(world.observer.tries.empty());
}

TEST_CASE("authenticate: blocked and deactivated cards are told apart without a try") {
    World blocked({.person = "blocked"});
    CHECK(code_of(blocked.read(blocked.request())) == Errc::pin_blocked);
    World minor({.person = "minor_deactivated"});
    CHECK(code_of(minor.read(minor.request())) == Errc::pin_deactivated);
    CHECK(blocked.observer.tries.empty());
    CHECK(minor.observer.tries.empty());
}

TEST_CASE("authenticate: another PIN state than the one shown ends the run unspent") {
    World world;
    auto request = world.request();
    request.expected_pin_state = eid::PinState::two_tries;
    CHECK(code_of(world.read(std::move(request))) == Errc::pin_counter_moved);
    CHECK(world.chip->passwords().pin_tries == 3);
    CHECK(world.observer.tries.empty());
}

TEST_CASE(
    "authenticate: on-site reading works with a deactivated PIN and needs a valid attestation") {
    World world({.person = "minor_deactivated"});
    auto request = world.request();
    request.credentials = eid::OnSite{eid_test::can_of("500540"), eid_test::attestation()};
    CHECK(world.read(std::move(request)).has_value());

    World again({.person = "minor_deactivated"});
    auto used = again.request();
    auto spent = eid_test::attestation();
    const auto taken = std::move(spent);
    CHECK(taken.valid());
    used.credentials = eid::OnSite{eid_test::can_of("500540"), std::move(spent)};
    CHECK(code_of(again.read(std::move(used))) == Errc::attestation_missing);
    CHECK(again.transport->commands == 0);
}

TEST_CASE("authenticate: what our own certificate does not allow never reaches the card") {
    World no_can({.rights = eid::right_read(4).bits | eid::right_restricted_id.bits});
    auto on_site = no_can.request();
    on_site.groups = {eid::DataGroup::given_names};
    on_site.credentials = eid::OnSite{eid_test::can_of("500540"), eid_test::attestation()};
    CHECK(code_of(no_can.read(std::move(on_site))) == Errc::right_missing);
    CHECK(code_of(no_can.read(no_can.request())) == Errc::right_missing);

    World expired;
    auto late = expired.request();
    late.today = eid::Date{std::chrono::year(2029), std::chrono::month(11), std::chrono::day(2)};
    CHECK(code_of(expired.read(std::move(late))) == Errc::certificate_expired);
    auto early = expired.request();
    early.today = eid::Date{std::chrono::year(2026), std::chrono::month(10), std::chrono::day(31)};
    CHECK(code_of(expired.read(std::move(early))) == Errc::certificate_expired);

    auto sector = expired.request();
    sector.sector_key.back() ^= 1U;
    CHECK(code_of(expired.read(std::move(sector))) == Errc::restricted_id_failed);
    CHECK(code_of(expired.read(expired.request("12345"))) == Errc::secret_format_bad);
    CHECK(code_of(expired.read(expired.request("12a456"))) == Errc::secret_format_bad);
    CHECK(no_can.transport->commands == 0);
    CHECK(expired.transport->commands == 0);

    World no_sector({.no_sector = true});
    CHECK(code_of(no_sector.read(no_sector.request())) == Errc::restricted_id_failed);
}

TEST_CASE("authenticate: only the rights that the task needs are asked for") {
    World world;
    auto request = world.request();
    request.groups = {eid::DataGroup::given_names};
    request.restricted_id = eid::WantRestrictedId::none;
    const auto result = world.read(std::move(request));
    REQUIRE(result.has_value());
    CHECK(result->rights == eid::right_read(4));
    CHECK_FALSE(result->pseudonym.has_value());
}

TEST_CASE("authenticate: the card answers age, validity and community") {
    using namespace std::chrono_literals;
    World world;
    auto request = world.request();
    request.auxiliary.born_on_or_before = eid::latest_birth_date(eid::Date{2026y / 11 / 24}, 18);
    request.auxiliary.valid_on = eid::Date{2026y / 11 / 24};
    request.auxiliary.community = base::Bytes{0x02, 0x76, 0x11};
    const auto result = world.read(std::move(request));
    REQUIRE(result.has_value());
    CHECK(result->auxiliary.old_enough == false);
    CHECK(result->auxiliary.still_valid == true);
    CHECK(result->auxiliary.in_community == true);

    world.reinsert();
    auto other = world.request();
    other.auxiliary.born_on_or_before = eid::latest_birth_date(eid::Date{2026y / 11 / 24}, 16);
    other.auxiliary.community = base::Bytes{0x02, 0x77};
    const auto second = world.read(std::move(other));
    REQUIRE(second.has_value());
    CHECK(second->auxiliary.old_enough == true);
    CHECK(second->auxiliary.in_community == false);
    CHECK_FALSE(second->auxiliary.still_valid.has_value());
}

TEST_CASE("authenticate: every person of the project reads") {
    for (const char* person : {"erika", "no_given_name", "birth_without_day", "birth_year_only",
                               "no_street", "no_address", "expired", "longest", "capital_sharp_s",
                               "eu_card", "residence_permit", "block_listed"}) {
        CAPTURE(person);
        World world({.person = person});
        auto request = world.request();
        request.groups.clear();
        for (unsigned group :
             {1U, 2U, 3U, 4U, 5U, 6U, 7U, 8U, 9U, 10U, 11U, 13U, 17U, 18U, 19U, 20U}) {
            request.groups.push_back(static_cast<eid::DataGroup>(group));
        }
        request.restricted_id = eid::WantRestrictedId::pseudonym_and_block_list_id;
        const auto result = world.read(std::move(request));
        REQUIRE(result.has_value());
        CHECK(result->block_list_id.has_value());
        CHECK(result->block_list_id->get() != result->pseudonym->get());
        CHECK(result->groups.size() + result->absent.size() == 16);
    }
}
