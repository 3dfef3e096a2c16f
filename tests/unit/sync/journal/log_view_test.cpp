// SPDX-License-Identifier: EUPL-1.2
// The backend's log as a terminal follows it: only what is signed, continues what was seen and is
// proved to raises `observed`; a log that is rewritten, set back or shown differently to different
// terminals is found out, and kept as evidence.
#include "tests/fakes/backend_log.hpp"
#include "tests/fakes/closed_journal.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>

#include "sync/model/batch.hpp"
#include "sync/receipts/checkpoint.hpp"

using base::Errc;
using fakes::JournalWorld;
using Log = fakes::BackendLog;

namespace {

struct Terminal {
    JournalWorld world;
    Log log;
    std::optional<journal::Journal> journal{world.open()};

    Terminal() { log.grow(40); }
    base::Result<void> follow(Log& of, std::uint64_t from, std::uint64_t to) {
        return journal->store_checkpoint(of.note(world, to), of.proof(from, to));
    }
    [[nodiscard]] std::uint64_t observed() { return journal->status()->observed; }
    /// Runs SQL on the closed file; the number of its first row.
    std::int64_t behind_our_back(const char* sql) {
        journal.reset();
        const std::string first = fakes::sql(world, sql);
        journal.emplace(world.open());
        return first.empty() ? -1 : std::stoll(first);
    }
    std::int64_t conflicts() { return behind_our_back("SELECT count(*) FROM log_conflict"); }
};

Errc refusal(const base::Result<void>& result) {
    return result ? Errc::cancelled : result.error().code;
}

}  // namespace

TEST_CASE("log view: a log that grows is followed, and only that raises observed (I9, I12)") {
    Terminal terminal;
    CHECK(*terminal.journal->log_size() == 0);
    CHECK(terminal.observed() == 0);
    std::uint64_t before = 0;
    for (const std::uint64_t size :
         {std::uint64_t{1}, std::uint64_t{7}, std::uint64_t{8}, std::uint64_t{40}}) {
        REQUIRE(terminal.follow(terminal.log, before, size).has_value());
        CHECK(*terminal.journal->log_size() == size);
        CHECK(terminal.observed() == size);
        before = size;
    }
    // The same once more changes nothing, and a new start knows it.
    REQUIRE(terminal.follow(terminal.log, 40, 40).has_value());
    CHECK(terminal.conflicts() == 0);
    CHECK(*terminal.journal->log_size() == 40);
    CHECK(terminal.observed() == 40);
    const auto appended = terminal.journal->append(fakes::consent(7), journal::Slip::none);
    REQUIRE(appended.has_value());
    const auto batch = model::parse_batch(*terminal.journal->next_batch(50));
    CHECK(model::parse_header(batch->records[0].header)->observed == 40);
}

TEST_CASE("log view: what is not signed, not ours or not proved changes nothing (I9)") {
    Terminal terminal;
    REQUIRE(terminal.follow(terminal.log, 0, 10).has_value());
    auto& log = terminal.log;
    auto& world = terminal.world;
    auto& journal = *terminal.journal;
    const auto other = crypto::generate_key(crypto::Curve::p256, world.random);
    const auto good = log.proof(10, 20);
    CHECK(refusal(journal.store_checkpoint("garbage", good)) == Errc::receipt_bad);
    CHECK(refusal(journal.store_checkpoint(log.sign(world, other, 20, "urn:test"), good)) ==
          Errc::receipt_bad);
    CHECK(refusal(journal.store_checkpoint(log.note(world, 20, "urn:other"), good)) ==
          Errc::receipt_bad);
    CHECK(refusal(journal.store_checkpoint(log.note(world, 20), {})) == Errc::receipt_bad);
    CHECK(refusal(journal.store_checkpoint(log.note(world, 20), log.proof(9, 20))) ==
          Errc::receipt_bad);
    CHECK(refusal(journal.store_checkpoint(log.note(world, 20), log.proof(10, 21))) ==
          Errc::receipt_bad);
    CHECK(terminal.observed() == 10);
    CHECK(terminal.conflicts() == 0);
    CHECK(terminal.follow(log, 10, 20).has_value());
}

TEST_CASE("log view: a backend that was set back, or an old message, is not followed (I12)") {
    Terminal terminal;
    REQUIRE(terminal.follow(terminal.log, 0, 30).has_value());
    CHECK(refusal(terminal.journal->store_checkpoint(terminal.log.note(terminal.world, 29), {})) ==
          Errc::sequence_gap);
    CHECK(refusal(terminal.journal->store_checkpoint(terminal.log.note(terminal.world, 0), {})) ==
          Errc::sequence_gap);
    CHECK(terminal.observed() == 30);
    // Set back to 25 and grown again on another way: no proof can lead there.
    Log again(1);
    again.branch_off(terminal.log, 25);
    again.grow(35);
    CHECK(refusal(terminal.follow(again, 30, 35)) == Errc::receipt_bad);
    CHECK(terminal.observed() == 30);
}

TEST_CASE("log view: two logs of one size are a proof against the backend, and are kept (I12)") {
    Terminal terminal;
    REQUIRE(terminal.follow(terminal.log, 0, 30).has_value());
    Log other(1);
    other.branch_off(terminal.log, 25);
    other.grow(30);
    for (int i = 0; i < 20; ++i) {
        CHECK(refusal(terminal.journal->store_checkpoint(other.note(terminal.world, 30), {})) ==
              Errc::fork_detected);
    }
    CHECK(terminal.conflicts() == 16);  // bounded
    CHECK(terminal.behind_our_back("SELECT count(DISTINCT held) FROM log_conflict") == 1);
    CHECK(terminal.observed() == 30);
    CHECK(terminal.follow(terminal.log, 30, 40).has_value());
}

TEST_CASE("log view: a journal of the first version keeps its observed, and follows from there") {
    Terminal terminal;
    REQUIRE(terminal.journal->append(fakes::consent(7), journal::Slip::none).has_value());
    terminal.behind_our_back(
        "DROP TABLE receipt_given_up; DROP TABLE log_followed; DROP TABLE log_given_up;"
        "DROP TABLE alarm_closed; ALTER TABLE receipt DROP COLUMN generation;"
        "DROP TABLE checkpoint; DROP TABLE log_conflict; DROP TABLE alarm; DROP TABLE downstream;"
        "DROP TABLE size_day;"
        "DROP VIEW unsent; DROP TABLE moved; DROP TABLE foreign_head;"
        "ALTER TABLE chain DROP COLUMN reason; ALTER TABLE chain DROP COLUMN base_position;"
        "ALTER TABLE chain DROP COLUMN key_change;"
        "DROP INDEX receipt_unproven; DROP INDEX record_whole;"
        "ALTER TABLE receipt DROP COLUMN proven; ALTER TABLE receipt DROP COLUMN disputed;"
        "UPDATE meta SET observed = 20;"
        "PRAGMA user_version = 1");
    CHECK(terminal.journal->status()->rows == 1);
    CHECK(terminal.observed() == 20);
    CHECK(*terminal.journal->log_size() == 0);
    CHECK(refusal(terminal.follow(terminal.log, 0, 19)) == Errc::sequence_gap);
    CHECK(terminal.observed() == 20);
    REQUIRE(terminal.follow(terminal.log, 0, 33).has_value());
    CHECK(terminal.observed() == 33);
}
