// SPDX-License-Identifier: EUPL-1.2
// Receipts and events: nothing is believed that is not signed and ours.
#include "tests/fakes/journal_world.hpp"

#include <doctest/doctest.h>

#include "sync/model/batch.hpp"

using base::Errc;
using fakes::JournalWorld;

namespace {

constexpr std::uint64_t issued_s = 1'764'000'100;

receipts::Receipt event(const JournalWorld& world, const base::Uuid& declaration,
                        receipts::AppliedState state) {
    return {
        "https://backend.test", issued_s, "event-1", world.terminal,
        receipts::Applied{declaration, model::AuthorityId("jobcenter"), state, 1'764'000'099'000}};
}

}  // namespace

TEST_CASE(
    "inbound: a receipt acknowledges, raises the floor and not observed, and may come twice") {
    JournalWorld world;
    journal::Journal journal = world.open();
    REQUIRE(journal.append(fakes::consent(7), journal::Slip::none).has_value());
    CHECK_FALSE(journal.my_releases(fakes::pseudonym_of(7))->front().acknowledged);
    const std::string set = world.receipt_for_batch(*journal.next_batch(50), issued_s);
    REQUIRE(journal.store_receipt(set).has_value());
    REQUIRE(journal.store_receipt(set).has_value());
    CHECK(journal.my_releases(fakes::pseudonym_of(7))->front().acknowledged);
    const auto status = journal.status();
    CHECK(status->unsent == 0);
    CHECK(status->observed == 0);  // what a receipt says of the log is no proof
    CHECK(status->floor_ms == issued_s * 1'000);
    CHECK(status->last_contact_ms == issued_s * 1'000);
    const auto next = journal.append(fakes::consent(7), journal::Slip::none);
    REQUIRE(next.has_value());
    const auto batch = model::parse_batch(*journal.next_batch(50));
    CHECK(model::parse_header(batch->records[0].header)->observed == 0);
}

TEST_CASE("inbound: a false receipt changes nothing") {
    JournalWorld world;
    journal::Journal journal = world.open();
    REQUIRE(journal.append(fakes::consent(7), journal::Slip::none).has_value());
    const std::string body = *journal.next_batch(50);
    std::string set = world.receipt_for_batch(body, issued_s);
    const auto good = receipts::verify(set, world.receipt.point, world.terminal);
    REQUIRE(good.has_value());
    receipts::Receipt receipt = *good;
    auto& received = std::get<receipts::Received>(receipt.event);
    SUBCASE("garbage") {
        set = "garbage";
    }
    SUBCASE("signature of somebody else") {
        set.back() = set.back() == 'A' ? 'Q' : 'A';
    }
    SUBCASE("other terminal") {
        receipt.audience = base::Uuid({9});
        set = world.sign(receipt);
    }
    SUBCASE("other leaf") {
        received.records[0].leaf[0] ^= 1;
        set = world.sign(receipt);
    }
    SUBCASE("other ciphertext") {
        received.records[0].jwe_sha256[31] ^= 1;
        set = world.sign(receipt);
    }
    SUBCASE("a row that we do not have") {
        received.records[0].seq = received.from = received.to = 2;
        set = world.sign(receipt);
    }
    SUBCASE("another epoch") {
        received.epoch = 2;
        set = world.sign(receipt);
    }
    SUBCASE("an event in place of a receipt") {
        set = world.sign(event(world, base::Uuid({1}), receipts::AppliedState::applied));
    }
    const auto stored = journal.store_receipt(set);
    REQUIRE(!stored.has_value());
    CHECK(stored.error().code == Errc::receipt_bad);
    CHECK(journal.status()->unsent == 1);
    CHECK(journal.status()->observed == 0);
    CHECK(journal.status()->floor_ms == 0);
    CHECK(*journal.next_batch(50) == body);
}

TEST_CASE("inbound: the floor never decreases (I16)") {
    JournalWorld world;
    {
        journal::Journal journal = world.open();
        REQUIRE(journal.append(fakes::consent(7), journal::Slip::none).has_value());
        REQUIRE(journal.append(fakes::consent(7), journal::Slip::none).has_value());
        const std::string late = world.receipt_for_batch(*journal.next_batch(50), issued_s);
        const std::string early = world.receipt_for_batch(*journal.next_batch(1), issued_s - 9'000);
        REQUIRE(journal.store_receipt(late).has_value());
        REQUIRE(journal.store_receipt(early).has_value());
        CHECK(journal.floor_ms() == issued_s * 1'000);
        world.clock.boot += 60'000;
        CHECK(journal.floor_ms() == issued_s * 1'000 + 60'000);
        world.clock.wall = 1;  // the wall clock has no say
        CHECK(journal.floor_ms() == issued_s * 1'000 + 60'000);
        REQUIRE(journal.append(fakes::consent(7), journal::Slip::none).has_value());
    }
    world.clock.boot = 0;  // a new boot
    journal::Journal journal = world.open();
    CHECK(journal.floor_ms() == issued_s * 1'000 + 60'000);
}

TEST_CASE("inbound: events move the cursor forward only") {
    JournalWorld world;
    journal::Journal journal = world.open();
    const auto grant = journal.append(fakes::consent(7), journal::Slip::none);
    REQUIRE(grant.has_value());
    CHECK(*journal.event_cursor() == 0);
    using State = receipts::AppliedState;
    const base::Uuid id = grant->declaration;
    REQUIRE(journal.store_event(2, world.sign(event(world, id, State::acknowledged))).has_value());
    REQUIRE(journal.store_event(5, world.sign(event(world, id, State::applied))).has_value());
    // Old numbers are ignored, so a repeated answer cannot turn a state back.
    REQUIRE(journal.store_event(3, world.sign(event(world, id, State::received))).has_value());
    CHECK(*journal.event_cursor() == 5);
    const auto releases = journal.my_releases(fakes::pseudonym_of(7));
    REQUIRE(releases->front().parts.size() == 1);
    CHECK(releases->front().parts[0].state == State::applied);
    CHECK(releases->front().parts[0].at_ms == 1'764'000'099'000);
    CHECK(journal.store_event(6, "garbage").error().code == Errc::receipt_bad);
    CHECK(*journal.event_cursor() == 5);
}

TEST_CASE("inbound: what the backend says of all whom a declaration names is said of each") {
    JournalWorld world;
    journal::Journal journal = world.open();
    const auto grant = journal.append(fakes::consent(7), journal::Slip::none);
    REQUIRE(grant.has_value());
    using State = receipts::AppliedState;
    receipts::Receipt of_all = event(world, grant->declaration, State::not_usable);
    std::get<receipts::Applied>(of_all.event).authority = model::AuthorityId("-");
    const auto part = [&] {
        const auto releases = journal.my_releases(fakes::pseudonym_of(7));
        REQUIRE(releases->front().parts.size() == 1);
        CHECK(releases->front().parts[0].authority.get() == "jobcenter");
        CHECK(releases->front().parts[0].at_ms == 1'764'000'099'000);
        return releases->front().parts[0].state;
    };
    REQUIRE(journal.store_event(1, world.sign(of_all)).has_value());
    CHECK(part() == State::not_usable);
    // An authority's own word counts for itself, whichever came first.
    const auto own = event(world, grant->declaration, State::received);
    REQUIRE(journal.store_event(2, world.sign(own)).has_value());
    CHECK(part() == State::received);
    REQUIRE(journal.store_event(3, world.sign(of_all)).has_value());
    CHECK(part() == State::received);
}
