// SPDX-License-Identifier: EUPL-1.2
// Inclusion and compaction: what a receipt says must be proved to be in the verified log (I13);
// only then the sealed bytes go (K3, K4, I5), and everything that is still needed stays.
#include "tests/fakes/backend_log.hpp"
#include "tests/fakes/closed_journal.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "sync/journal/verify.hpp"
#include "sync/model/batch.hpp"

using base::Errc;
using fakes::BackendLog;
using fakes::JournalWorld;
using journal::AlarmKind;

namespace {

constexpr std::uint64_t issued_s = 1'764'000'100;

Errc refusal(const base::Result<void>& result) {
    return result ? Errc::cancelled : result.error().code;
}

void acknowledge(JournalWorld& world, journal::Journal& journal) {
    const std::string body = *journal.next_batch(50);
    REQUIRE_FALSE(body.empty());
    REQUIRE(journal.store_receipt(world.receipt_for_batch(body, issued_s)).has_value());
}

std::string bytes_of(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("proofs: what receipts say is asked for once the log is verified, and proved (I13)") {
    JournalWorld world;
    BackendLog log;
    journal::Journal journal = world.open();
    for (int i = 0; i < 3; ++i) REQUIRE(journal.append(fakes::consent(7), {}).has_value());
    acknowledge(world, journal);
    CHECK(journal.status()->unproven == 3);
    // Without a verified checkpoint there is nothing to prove it in.
    CHECK(journal.unproven()->indexes.empty());
    log.take_over(world);
    REQUIRE(log.show(world, journal).has_value());
    CHECK(journal.unproven()->size == 103);
    CHECK(journal.unproven()->indexes == std::vector<std::uint64_t>{100, 101, 102});
    REQUIRE(journal.store_inclusion(log.inclusion(101, 103)).has_value());
    CHECK(journal.unproven()->indexes == std::vector<std::uint64_t>{100, 102});
    CHECK(log.prove_all(journal) == 2);
    CHECK(journal.status()->unproven == 0);
    CHECK(journal.status()->alarms.empty());
    // Once more, or of a place of somebody else: nothing happens.
    CHECK(journal.store_inclusion(log.inclusion(101, 103)).has_value());
    CHECK(journal.store_inclusion(log.inclusion(7, 103)).has_value());
}

TEST_CASE("proofs: one that does not hold, or for another log, changes nothing") {
    JournalWorld world;
    BackendLog log;
    journal::Journal journal = world.open();
    REQUIRE(journal.append(fakes::consent(7), {}).has_value());
    acknowledge(world, journal);
    log.take_over(world);
    CHECK(refusal(journal.store_inclusion(log.inclusion(100, 101))) == Errc::receipt_bad);
    REQUIRE(log.show(world, journal).has_value());
    auto claim = log.inclusion(100, 101);
    SUBCASE("a hash of the way") {
        claim.proof.at(0)[0] ^= 1;
    }
    SUBCASE("too short") {
        claim.proof.pop_back();
    }
    SUBCASE("another leaf") {
        claim.leaf[5] ^= 1;
    }
    SUBCASE("another place") {
        claim.index = 99;
    }
    SUBCASE("another size") {
        claim = log.inclusion(100, 101);
        claim.size = 102;
    }
    CHECK(refusal(journal.store_inclusion(claim)) == Errc::receipt_bad);
    CHECK(journal.status()->unproven == 1);
    CHECK(journal.status()->alarms.empty());
    CHECK(*journal.compact(32) == 0);
}

TEST_CASE("proofs: a log that holds another record at our place is caught with evidence (I13)") {
    JournalWorld world;
    BackendLog log;
    {
        journal::Journal journal = world.open();
        for (int i = 0; i < 2; ++i) REQUIRE(journal.append(fakes::consent(7), {}).has_value());
        acknowledge(world, journal);
        log.grow(100);
        log.take_over(world);
        BackendLog without_ours(1);
        without_ours.branch_off(log, 101);
        without_ours.grow(102);
        REQUIRE(without_ours.show(world, journal).has_value());
        CHECK(refusal(journal.store_inclusion(without_ours.inclusion(101, 102))) ==
              Errc::fork_detected);
        const auto alarms = journal.status()->alarms;
        REQUIRE(alarms.size() == 1);
        CHECK(alarms[0].kind == AlarmKind::log_conflict);
        CHECK(alarms[0].first_ms == world.clock.wall);
        // It is not asked for again, the rest goes on, and its content is never let go.
        CHECK(journal.unproven()->indexes == std::vector<std::uint64_t>{100});
        CHECK(without_ours.prove_all(journal) == 1);
        CHECK(*journal.compact(32) == 1);
        CHECK(journal.status()->whole == 1);
        // The citizen still sees it as received: that is what the backend signed.
        CHECK(journal.my_releases(fakes::pseudonym_of(7))->front().acknowledged);
    }
    CHECK(world.open().status()->alarms.size() == 1);  // durable
}

TEST_CASE("compaction: acknowledged and proven, and nothing less, lets the sealed bytes go (I5)") {
    JournalWorld world;
    BackendLog log;
    std::string sealed;
    {
        journal::Journal journal = world.open();
        const auto grant = journal.append(fakes::consent(7), {});
        REQUIRE(grant.has_value());
        REQUIRE(journal.append(fakes::withdrawal_of(7, grant->declaration), {}).has_value());
        REQUIRE(journal.append(fakes::consent(7), {}).has_value());
        const auto batch = model::parse_batch(*journal.next_batch(50));
        sealed = batch->records[0].jwe.substr(200, 300);
        CHECK(*journal.compact(32) == 0);  // unsent
        acknowledge(world, journal);
        CHECK(*journal.compact(32) == 0);  // acknowledged, not proven
        REQUIRE(journal.append(fakes::consent(7), {}).has_value());
        log.take_over(world);
        REQUIRE(log.show(world, journal).has_value());
        CHECK(log.prove_all(journal) == 3);
        CHECK(*journal.compact(2) == 2);
        CHECK(*journal.compact(32) == 1);
        CHECK(*journal.compact(32) == 0);
        CHECK(journal.status()->whole == 1);
        CHECK(journal.status()->rows == 4);
        // What the citizen sees is the same as before.
        const auto own = journal.my_releases(fakes::pseudonym_of(7));
        REQUIRE(own->size() == 4);
        CHECK_FALSE(own->back().alive());
        CHECK((*own)[1].alive());
        CHECK(own->back().acknowledged);
        // No trace of the sealed bytes in the file or its log.
        CHECK(bytes_of(world.options().path).find(sealed) == std::string::npos);
        CHECK(bytes_of(world.options().path.string() + "-wal").find(sealed) == std::string::npos);
    }
    const auto report = journal::verify_file(world.options().path, world.journal_key);
    REQUIRE(report.has_value());
    CHECK_FALSE(report->broken.has_value());
    CHECK(report->rows == 4);
    CHECK(report->receipts == 3);
    journal::Journal journal = world.open();
    CHECK(journal.append(fakes::consent(7), {})->key.seq == 5);
    fakes::settle(world, journal, log);
    CHECK(*journal.compact(32) == 2);
}

TEST_CASE("compaction: content that vanished without a proof is a broken chain") {
    JournalWorld world;
    {
        journal::Journal journal = world.open();
        for (int i = 0; i < 2; ++i) REQUIRE(journal.append(fakes::consent(7), {}).has_value());
        acknowledge(world, journal);
    }
    fakes::sql(world, "UPDATE record SET jwe = '', scopes = x'' WHERE position = 1");
    const auto opened = journal::Journal::open(world.options(), world.ports());
    REQUIRE_FALSE(opened.has_value());
    CHECK(opened.error().code == Errc::journal_chain_broken);
    const auto report = journal::verify_file(world.options().path, world.journal_key);
    REQUIRE(report.has_value());
    REQUIRE(report->broken.has_value());
    CHECK(std::string(report->broken->what) == "content_missing");
}

TEST_CASE("compaction: the file stops growing, since freed pages are used again") {
    JournalWorld world;
    BackendLog log;
    journal::Journal journal = world.open();
    const auto day = [&] {
        for (int i = 0; i < 60; ++i) REQUIRE(journal.append(fakes::consent(7), {}).has_value());
        fakes::settle(world, journal, log);
        while (*journal.compact(32) == 32) {
        }
        return std::filesystem::file_size(world.options().path);
    };
    std::vector<std::uintmax_t> sizes;
    for (int i = 0; i < 5; ++i) sizes.push_back(day());
    const double whole_day = static_cast<double>(sizes[0]);
    const double growth = static_cast<double>(sizes[4] - sizes[1]) / 3;
    MESSAGE("a day of 60 consents: " << sizes[0] << " bytes first, then " << growth << " a day");
    CHECK(growth < whole_day * 0.75);
}

// Found by the simulation (tests/sim): the end of an objection protects nobody, so its scopes go,
// and then nothing of this person could be shown any more.
TEST_CASE("compaction: whoever ended an objection still sees everything, and that it ended") {
    JournalWorld world;
    BackendLog log;
    journal::Journal journal = world.open();
    model::Declaration objection = fakes::consent(7);
    objection.act_type = model::ActType::objection;
    const auto objected = journal.append(std::move(objection), {});
    REQUIRE(objected.has_value());
    model::Declaration end = fakes::withdrawal_of(7, objected->declaration);
    end.act_type = model::ActType::objection;
    REQUIRE(journal.append(std::move(end), {}).has_value());
    acknowledge(world, journal);
    log.take_over(world);
    REQUIRE(log.show(world, journal).has_value());
    CHECK(log.prove_all(journal) == 2);
    CHECK(*journal.compact(32) == 2);
    const auto releases = journal.my_releases(fakes::pseudonym_of(7));
    REQUIRE(releases.has_value());
    REQUIRE(releases->size() == 2);
    CHECK_FALSE(releases->back().alive());
}
