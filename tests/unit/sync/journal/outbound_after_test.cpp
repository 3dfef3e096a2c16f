// SPDX-License-Identifier: EUPL-1.2
// Several bodies at once for a stick: the same bytes that HTTPS would carry one after the other.
#include "tests/fakes/journal_world.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "sync/model/batch.hpp"

using fakes::JournalWorld;

namespace {

void append(journal::Journal& journal, const model::Declaration& declaration) {
    REQUIRE(journal.append(declaration, journal::Slip::none).has_value());
}

std::vector<std::string> all_batches(journal::Journal& journal, std::size_t records_max) {
    std::vector<std::string> bodies;
    journal::Behind place;
    while (true) {
        auto body = journal.batch_after(place, records_max);
        REQUIRE(body);
        if (body->empty()) return bodies;
        const auto batch = model::parse_batch(*body);
        REQUIRE(batch);
        place = {batch->epoch, batch->to};
        bodies.push_back(std::move(*body));
    }
}

}  // namespace

TEST_CASE("outbound after: the bodies are those that next_batch gives as receipts come in") {
    JournalWorld world;
    journal::Options options = world.options();
    {
        journal::Journal journal = world.open();
        CHECK(journal.batch_after({}, 50)->empty());
        for (int i = 0; i < 7; ++i) append(journal, fakes::consent(7));
        append(journal, fakes::withdrawal_of_all(7));
    }
    options.epoch = 2;  // a second chain: no body mixes the two
    journal::Journal journal = world.open(options);
    for (int i = 0; i < 3; ++i) append(journal, fakes::consent(8));
    const auto bodies = all_batches(journal, 3);
    REQUIRE(bodies.size() == 4);
    CHECK(all_batches(journal, 3) == bodies);  // nothing counts as sent by being read
    for (std::size_t i = 0; i < bodies.size(); ++i) {
        CHECK(*journal.next_batch(3) == bodies[i]);
        const auto receipt = world.receipt_for_batch(bodies[i], 1'764'000'000 + i);
        REQUIRE(journal.store_receipt(receipt).has_value());
    }
    CHECK(journal.next_batch(3)->empty());
    CHECK(all_batches(journal, 3).empty());
}

TEST_CASE("outbound after: what has its receipt is passed over") {
    JournalWorld world;
    journal::Journal journal = world.open();
    for (int i = 0; i < 9; ++i) append(journal, fakes::consent(7));
    const auto bodies = all_batches(journal, 3);
    REQUIRE(journal.store_receipt(world.receipt_for_batch(bodies[1], 1'764'000'000)).has_value());
    CHECK(*journal.batch_after({1, 3}, 3) == bodies[2]);
}

TEST_CASE("outbound after: advance copies go on behind a place") {
    JournalWorld world;
    journal::Journal journal = world.open();
    append(journal, fakes::consent(7));
    for (int i = 0; i < 53; ++i) append(journal, fakes::withdrawal_of_all(7));
    const std::string first = *journal.advance_after({});
    CHECK(first == *journal.next_advance());
    CHECK(model::parse_advance(first)->copies.size() == 50);
    const std::string second = *journal.advance_after({1, 51});
    CHECK(model::parse_advance(second)->copies.size() == 3);
    CHECK(journal.advance_after({1, 54})->empty());
}

TEST_CASE("outbound after: a place that no record has is refused") {
    JournalWorld world;
    journal::Journal journal = world.open();
    append(journal, fakes::consent(7));
    for (const journal::Behind place :
         {journal::Behind{1, 2}, journal::Behind{2, 1}, journal::Behind{0, 1},
          journal::Behind{1, 0}, journal::Behind{1, UINT64_MAX}}) {
        CAPTURE(place.seq);
        const auto batch = journal.batch_after(place, 50);
        REQUIRE_FALSE(batch);
        CHECK(batch.error().code == base::Errc::record_bad);
        CHECK_FALSE(journal.advance_after(place));
    }
    CHECK(journal.batch_after({1, 1}, 50)->empty());
}

TEST_CASE("outbound after: a stick does not pass for the row that is offered alone (I7)") {
    JournalWorld world;
    journal::Journal journal = world.open();
    for (int i = 0; i < 3; ++i) REQUIRE(journal.append(fakes::consent(7), {}).has_value());
    const auto acknowledge = [&](const std::string& body) {
        REQUIRE(journal.store_receipt(world.receipt_for_batch(body, 1'764'000'100)).has_value());
    };
    acknowledge(*journal.next_batch(50));
    for (int i = 0; i < 3; ++i) REQUIRE(journal.append(fakes::consent(7), {}).has_value());
    // Somebody wrote row 5 under our identity: row 4 is common, the others will be refused.
    seal::StoreSigner signer(world.keys, journal::journal_key_name);
    model::Digest foreign{};
    foreign[0] = 1;
    const auto head = seal::sign_head({{world.terminal, 1, 5}, foreign}, signer);
    REQUIRE(head.has_value());
    const auto hear = [&] { REQUIRE(journal.hear_chains({{1, 6, *head}}).has_value()); };
    const auto rows_on_stick = [&] {
        return model::parse_batch(*journal.batch_after({}, 50))->records.size();
    };
    hear();
    CHECK(rows_on_stick() == 3);
    hear();
    CHECK(journal.status()->epoch == 1);
    const auto alone = journal.next_batch(50);
    REQUIRE(alone.has_value());
    CHECK(model::parse_batch(*alone)->records.size() == 1);
    CHECK(rows_on_stick() == 3);
    // It is taken, and its receipt comes by stick; row 5 has not been offered yet.
    acknowledge(*alone);
    hear();
    CHECK(journal.status()->epoch == 1);
    REQUIRE(journal.next_batch(50).has_value());
    CHECK(rows_on_stick() == 2);
    hear();
    CHECK(journal.status()->epoch == 2);
    CHECK(journal.status()->unsent == 2);
}
