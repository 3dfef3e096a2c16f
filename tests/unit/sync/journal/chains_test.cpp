// SPDX-License-Identifier: EUPL-1.2
// A backend that came out of a backup: what it has lost is offered again, as it was, withdrawals
// first; what citizens see does not change, and somebody is called (I5, I7).
#include "tests/fakes/backend_log.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "sync/model/batch.hpp"

using fakes::BackendLog;
using fakes::JournalWorld;
using journal::AlarmKind;

namespace {

constexpr std::uint64_t issued_s = 1'764'000'100;

std::vector<AlarmKind> alarms(journal::Journal& journal) {
    std::vector<AlarmKind> kinds;
    const auto status = journal.status();
    for (const auto& alarm : status->alarms) kinds.push_back(alarm.kind);
    return kinds;
}

std::pair<std::uint64_t, std::uint64_t> range(const std::string& body) {
    const auto batch = model::parse_batch(body);
    if (!batch) return {0, 0};
    return {batch->from, batch->to};
}

/// Rows with withdrawals at 3 and 6, the first `acknowledged` of them acknowledged.
struct Terminal {
    JournalWorld world;
    journal::Journal journal{world.open()};
    std::vector<std::string> bodies;

    Terminal(std::uint64_t rows, std::uint64_t acknowledged) {
        for (std::uint64_t i = 1; i <= rows; ++i) {
            const auto act = i % 3 == 0 ? fakes::withdrawal_of_all(7) : fakes::consent(7);
            REQUIRE(journal.append(act, {}).has_value());
        }
        for (std::uint64_t i = 0; i < acknowledged; ++i) {
            bodies.push_back(*journal.next_batch(1));
            take(bodies.back());
        }
    }
    void take(const std::string& body) {
        REQUIRE(journal.store_receipt(world.receipt_for_batch(body, issued_s)).has_value());
    }
};

}  // namespace

TEST_CASE("resend: what the backend lost is offered again, byte for byte, and then the rest") {
    Terminal t(8, 6);
    CHECK(range(*t.journal.next_batch(50)) == std::pair<std::uint64_t, std::uint64_t>{7, 8});
    REQUIRE(t.journal.hear_chains({{1, 3, ""}}).has_value());
    CHECK(alarms(t.journal) == std::vector{AlarmKind::backend_set_back});
    CHECK(t.journal.status()->unsent == 2);
    const auto own = t.journal.my_releases(fakes::pseudonym_of(7));
    for (const auto& release : *own) CHECK(release.acknowledged == (release.key.seq <= 6));
    for (std::uint64_t seq = 3; seq <= 6; ++seq) {
        const std::string body = *t.journal.next_batch(1);
        CHECK(body == t.bodies.at(seq - 1));
        CHECK(*t.journal.next_batch(1) == body);  // until its receipt is in
        t.take(body);
    }
    CHECK(range(*t.journal.next_batch(50)) == std::pair<std::uint64_t, std::uint64_t>{7, 8});
    t.take(*t.journal.next_batch(50));
    CHECK(t.journal.next_batch(50)->empty());
    REQUIRE(t.journal.hear_chains({{1, 9, ""}}).has_value());
    CHECK(t.journal.status()->alarms.front().count == 1);
}

TEST_CASE("resend: everything that is unsent or known needs none, and nothing false is believed") {
    Terminal t(5, 3);
    const std::string next = *t.journal.next_batch(50);
    for (const std::uint64_t seq : {4U, 5U, 6U, 900U}) {
        REQUIRE(t.journal.hear_chains({{1, seq, ""}}).has_value());
        CHECK(*t.journal.next_batch(50) == next);
    }
    CHECK(t.journal.status()->alarms.empty());
    // An epoch that we never had says nothing about ours: the one that is not named is lost.
    REQUIRE(t.journal.hear_chains({{2, 4, ""}}).has_value());
    CHECK(range(*t.journal.next_batch(50)) == std::pair<std::uint64_t, std::uint64_t>{1, 5});
    // And a word to the contrary ends it.
    REQUIRE(t.journal.hear_chains({{1, 4, ""}}).has_value());
    CHECK(*t.journal.next_batch(50) == next);
}

TEST_CASE("resend: lost withdrawals go ahead of the queue again (I11)") {
    Terminal t(8, 8);
    CHECK(t.journal.next_advance()->empty());
    REQUIRE(t.journal.hear_chains({}).has_value());
    const std::string body = *t.journal.next_advance();
    const auto advance = model::parse_advance(body);
    REQUIRE(advance.has_value());
    CHECK(advance->copies.size() == 2);
    REQUIRE(t.journal.store_receipt(t.world.receipt_for_advance(body, issued_s)).has_value());
    CHECK(t.journal.next_advance()->empty());
    CHECK(range(*t.journal.next_batch(3)) == std::pair<std::uint64_t, std::uint64_t>{1, 3});
}

TEST_CASE("resend: all epochs are compared, the oldest gap first") {
    JournalWorld world;
    std::vector<std::string> bodies;
    for (std::uint32_t epoch = 1; epoch <= 3; ++epoch) {
        journal::Options options = world.options();
        options.epoch = epoch;
        journal::Journal journal = world.open(options);
        for (int i = 0; i < 2; ++i) REQUIRE(journal.append(fakes::consent(7), {}).has_value());
        bodies.push_back(*journal.next_batch(50));
        REQUIRE(
            journal.store_receipt(world.receipt_for_batch(bodies.back(), issued_s)).has_value());
    }
    journal::Options options = world.options();
    options.epoch = 3;
    journal::Journal journal = world.open(options);
    // The backend has epochs 1 and 3 whole and nothing of epoch 2.
    REQUIRE(journal.hear_chains({{1, 3, ""}, {3, 3, ""}}).has_value());
    for (const std::size_t epoch : {1U, 2U}) {
        CHECK(*journal.next_batch(50) == bodies.at(epoch));
        REQUIRE(
            journal.store_receipt(world.receipt_for_batch(bodies.at(epoch), issued_s)).has_value());
    }
    CHECK(journal.next_batch(50)->empty());
}

TEST_CASE("resend: another place for an acknowledged record is a proof against the backend (I13)") {
    Terminal t(2, 2);
    t.world.log_places.clear();  // it lost its log, too
    t.world.log_size = 50;
    REQUIRE(t.journal.hear_chains({}).has_value());
    t.take(*t.journal.next_batch(50));
    CHECK(alarms(t.journal) == std::vector{AlarmKind::log_conflict, AlarmKind::backend_set_back});
    CHECK(t.journal.next_batch(50)->empty());
    CHECK(t.journal.status()->unsent == 0);
}

TEST_CASE("resend: compacted rows go without their content, so the chain goes on (I7)") {
    Terminal t(4, 3);
    BackendLog log;
    log.take_over(t.world);
    REQUIRE(log.show(t.world, t.journal).has_value());
    CHECK(log.prove_all(t.journal) == 3);
    CHECK(*t.journal.compact(32) == 3);
    REQUIRE(t.journal.hear_chains({{1, 2, ""}}).has_value());
    CHECK(alarms(t.journal) == std::vector{AlarmKind::backend_set_back, AlarmKind::content_lost});
    const auto batch = model::parse_batch(*t.journal.next_batch(50));
    REQUIRE(batch.has_value());
    CHECK(batch->from == 2);
    CHECK(batch->records[0].jwe.empty());
    CHECK(batch->records[0].scopes.empty());
    // Of the withdrawal the scopes are there, so it takes effect once more.
    CHECK(batch->records[1].jwe.empty());
    CHECK_FALSE(batch->records[1].scopes.empty());
    CHECK_FALSE(batch->records[2].jwe.empty());
}
