// SPDX-License-Identifier: EUPL-1.2
// What is unsent, as bodies.
#include "tests/fakes/journal_world.hpp"

#include <doctest/doctest.h>

#include "sync/model/batch.hpp"

using fakes::JournalWorld;

namespace {

void grants(journal::Journal& journal, int count) {
    for (int i = 0; i < count; ++i) {
        REQUIRE(journal.append(fakes::consent(7), journal::Slip::none).has_value());
    }
}

std::pair<std::uint64_t, std::uint64_t> range(const std::string& body) {
    const auto batch = model::parse_batch(body);
    REQUIRE(batch.has_value());
    return {batch->from, batch->to};
}

}  // namespace

TEST_CASE("outbound: a batch starts at the first row without a receipt and has a bound") {
    JournalWorld world;
    journal::Journal journal = world.open();
    CHECK(journal.next_batch(50)->empty());
    grants(journal, 52);
    CHECK(range(*journal.next_batch(1)) == std::pair<std::uint64_t, std::uint64_t>{1, 1});
    const std::string body = *journal.next_batch(50);
    CHECK(range(body) == std::pair<std::uint64_t, std::uint64_t>{1, 50});
    CHECK(*journal.next_batch(50) == body);  // the same bytes until a receipt comes
    REQUIRE(journal.store_receipt(world.receipt_for_batch(body, 1'764'000'000)).has_value());
    CHECK(range(*journal.next_batch(50)) == std::pair<std::uint64_t, std::uint64_t>{51, 52});
    REQUIRE(journal.store_receipt(world.receipt_for_batch(*journal.next_batch(50), 1'764'000'001))
                .has_value());
    CHECK(journal.next_batch(50)->empty());
    CHECK(journal.status()->unsent == 0);
}

TEST_CASE(
    "outbound: what a small batch does not carry goes ahead, for the batch may be refused (I7)") {
    JournalWorld world;
    journal::Journal journal = world.open();
    for (int i = 0; i < 4; ++i) REQUIRE(journal.append(fakes::withdrawal_of_all(7), {}));
    CHECK(journal.next_advance()->empty());  // the next batch carries all of them
    REQUIRE(journal.next_batch(2).has_value());
    const auto advance = model::parse_advance(*journal.next_advance());
    REQUIRE(advance.has_value());
    CHECK(advance->copies.size() == 2);
    for (const auto& copy : advance->copies)
        CHECK(model::parse_header(copy.record.header)->key.seq > 2);
}

TEST_CASE("outbound: withdrawals behind grants go ahead as advance copies (I11)") {
    JournalWorld world;
    journal::Journal journal = world.open();
    CHECK(journal.next_advance()->empty());
    SUBCASE("a withdrawal at the front needs no copy") {
        REQUIRE(journal.append(fakes::withdrawal_of_all(7), journal::Slip::none).has_value());
        REQUIRE(journal.append(fakes::withdrawal_of_all(8), journal::Slip::none).has_value());
        CHECK(journal.next_advance()->empty());
        grants(journal, 1);
        CHECK(journal.next_advance()->empty());
    }
    SUBCASE("one behind the next batch is copied: that batch may be refused (I7)") {
        for (int i = 0; i < 52; ++i) {
            REQUIRE(journal.append(fakes::withdrawal_of_all(7), journal::Slip::none).has_value());
        }
        const auto advance = model::parse_advance(*journal.next_advance());
        REQUIRE(advance.has_value());
        REQUIRE(advance->copies.size() == 2);
        CHECK(range(*journal.next_batch(50)) == std::pair<std::uint64_t, std::uint64_t>{1, 50});
    }
    SUBCASE("one behind a grant is copied until it has a receipt, and stays in the chain") {
        grants(journal, 2);
        REQUIRE(journal.append(fakes::withdrawal_of_all(7), journal::Slip::none).has_value());
        CHECK(journal.status()->unsent_protective == 1);
        const std::string body = *journal.next_advance();
        const auto advance = model::parse_advance(body);
        REQUIRE(advance.has_value());
        REQUIRE(advance->copies.size() == 1);
        const auto record = seal::check_record(advance->copies[0].record);
        CHECK(record->header.key.seq == 3);
        CHECK(seal::verify_head(advance->copies[0].head, world.journal_key)->leaf == record->leaf);
        REQUIRE(journal.store_receipt(world.receipt_for_advance(body, 1'764'000'000)).has_value());
        CHECK(journal.next_advance()->empty());
        CHECK(journal.status()->unsent_protective == 0);
        CHECK(journal.status()->unsent == 3);
        CHECK(range(*journal.next_batch(50)) == std::pair<std::uint64_t, std::uint64_t>{1, 3});
    }
}

TEST_CASE("outbound: a batch never mixes epochs") {
    JournalWorld world;
    journal::Options options = world.options();
    {
        journal::Journal journal = world.open();
        grants(journal, 2);
    }
    options.epoch = 2;
    journal::Journal journal = world.open(options);
    grants(journal, 1);
    const std::string old = *journal.next_batch(50);
    CHECK(model::parse_batch(old)->epoch == 1);
    REQUIRE(journal.store_receipt(world.receipt_for_batch(old, 1'764'000'000)).has_value());
    CHECK(model::parse_batch(*journal.next_batch(50))->epoch == 2);
}
