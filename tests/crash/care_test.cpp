// SPDX-License-Identifier: EUPL-1.2
// The journal's care for itself on a disk that loses power or fails one call: receipts, proofs,
// compaction and migration. Whatever had been promised is there afterwards, content goes only where
// the proof is durable, and every failing call, at every point, is followed by an opening that
// verifies (I1, I2, I3, I5, I7).
#include "tests/crash/journal_on_disk.hpp"

#include "tests/fakes/backend_log.hpp"

#include <doctest/doctest.h>

#include "sync/seal/chain.hpp"

namespace {

/// What somebody was told, and may rely on after any failure.
struct Promised {
    std::uint64_t rows = 0;
    std::uint64_t receipts = 0;
    std::uint64_t observed = 0;
};

/// A day: records, receipts, the log, proofs, compaction, until done or the disk is dead. Goes on
/// after a failed call, as the worker does.
void live_one_day(fakes::JournalWorld& world, crash::PowerCutDisk& disk, Promised& promised) {
    auto journal = journal::Journal::open(crash::on_disk(world, disk), world.ports());
    for (int again = 0; !journal && again < 3 && !disk.dead(); ++again)
        journal = journal::Journal::open(crash::on_disk(world, disk), world.ports());
    if (!journal) return;
    fakes::BackendLog log;
    for (int turn = 0; turn < 4 && !disk.dead(); ++turn) {
        for (int i = 0; i < 2; ++i) {
            const auto act = i == 0 ? fakes::consent(7) : fakes::withdrawal_of_all(7);
            if (journal->append(act, {})) ++promised.rows;
        }
        const auto body = journal->next_batch(50);
        if (!body || body->empty()) continue;
        if (journal->store_receipt(world.receipt_for_batch(*body, 1'764'000'100)))
            promised.receipts = promised.rows;
        log.take_over(world);
        if (log.show(world, *journal)) promised.observed = log.size();
        log.prove_all(*journal);
        (void)journal->compact(32).has_value();
    }
}

/// True if everything promised is there, and the rest of the day can be done.
bool holds(fakes::JournalWorld& world, crash::PowerCutDisk& disk, const Promised& promised) {
    disk.power_cycle();
    auto journal = journal::Journal::open(crash::on_disk(world, disk), world.ports());
    if (!journal) return false;
    const auto status = journal->status();
    if (!status || status->rows < promised.rows || status->rows > promised.rows + 1) return false;
    if (status->observed < promised.observed) return false;
    // Never less acknowledged than promised, and content only where it is not yet proven.
    if (status->rows - status->unsent < promised.receipts) return false;
    if (status->whole < status->unproven + status->unsent) return false;
    const auto own = journal->my_releases(fakes::pseudonym_of(7));
    if (!own || own->size() != status->rows) return false;
    fakes::BackendLog log;
    fakes::settle(world, *journal, log);
    while (journal->compact(32).value_or(0) > 0) {
    }
    return journal->status()->whole == 0 && journal->status()->unsent == 0;
}

}  // namespace

TEST_CASE("power cut: receipts, proofs and compaction leave what was promised (I1, I3, I5)") {
    for (std::uint64_t seed = 1; seed <= crash::worlds(60); ++seed) {
        CAPTURE(seed);
        fakes::JournalWorld world(seed);
        crash::PowerCutDisk disk(10'000 + seed);
        Promised promised;
        disk.cut_after(seed * 7 % 400);
        live_one_day(world, disk, promised);
        REQUIRE(holds(world, disk, promised));
    }
}

TEST_CASE("power cut: the canary - without syncs of the log the day's losses are found") {
    std::uint64_t losses = 0;
    for (std::uint64_t seed = 1; seed <= 40 && losses == 0; ++seed) {
        fakes::JournalWorld world(seed);
        crash::PowerCutDisk disk(11'000 + seed);
        disk.ignore_log_syncs();
        disk.cut_after(80 + seed * 9);
        Promised promised;
        live_one_day(world, disk, promised);
        if (!holds(world, disk, promised)) ++losses;
    }
    CHECK(losses > 0);
}

TEST_CASE("failing call: each write, sync and truncation of a day fails once, nothing is lost") {
    std::uint64_t calls = 0;
    {
        fakes::JournalWorld world;
        crash::PowerCutDisk disk(12'000);
        Promised promised;
        live_one_day(world, disk, promised);
        calls = disk.changes();
        REQUIRE(holds(world, disk, promised));
    }
    REQUIRE(calls > 100);
    // Everyday: every third call; with FREIGABE_WORLDS each one.
    const std::uint64_t stride = crash::worlds(0) == 0 ? 5 : 1;
    for (std::uint64_t at = 0; at < calls; at += stride) {
        CAPTURE(at);
        fakes::JournalWorld world;
        crash::PowerCutDisk disk(12'000);
        disk.fail_change_after(at);
        Promised promised;
        live_one_day(world, disk, promised);
        REQUIRE(promised.rows >= 6);  // one failed call costs one record at most, or two
        REQUIRE(holds(world, disk, promised));
    }
}

TEST_CASE("failing call: the canary - a sync that only pretends is found") {
    std::uint64_t losses = 0;
    for (std::uint64_t at = 5; at < 40 && losses == 0; ++at) {
        fakes::JournalWorld world;
        crash::PowerCutDisk disk(13'000 + at);
        disk.lie_at_sync_after(at);
        Promised promised;
        live_one_day(world, disk, promised);
        if (!holds(world, disk, promised)) ++losses;
    }
    CHECK(losses > 0);
}

TEST_CASE("power cut: a new epoch begins whole or not at all, with every row (I1, I2, I3)") {
    std::uint64_t begun = 0;
    for (std::uint64_t seed = 0; seed < crash::worlds(24); ++seed) {
        CAPTURE(seed);
        fakes::JournalWorld world(seed + 1);
        crash::PowerCutDisk disk(14'000 + seed);
        seal::StoreSigner signer(world.keys, journal::journal_key_name);
        // What a copy of this terminal has left at the backend.
        const journal::ChainStand foreign{1, 100,
                                          *seal::sign_head({{world.terminal, 1, 99}, {}}, signer)};
        {
            auto journal = journal::Journal::open(crash::on_disk(world, disk), world.ports());
            REQUIRE(journal.has_value());
            for (int i = 0; i < 3; ++i) REQUIRE(journal->append(fakes::consent(7), {}).has_value());
            const std::string body = *journal->next_batch(2);
            REQUIRE(journal->store_receipt(world.receipt_for_batch(body, 1'764'000'100)));
            REQUIRE(journal->append(fakes::withdrawal_of_all(7), {}).has_value());
            disk.cut_after(seed * 3);
            (void)journal->hear_chains({foreign}).has_value();
            (void)journal->next_batch(50).has_value();
            (void)journal->hear_chains({foreign}).has_value();
        }
        disk.power_cycle();
        auto journal = journal::Journal::open(crash::on_disk(world, disk), world.ports());
        REQUIRE(journal.has_value());
        const auto status = journal->status();
        CHECK(status->unsent == 2);
        CHECK(status->rows == (status->epoch == 1 ? 4U : 6U));
        CHECK(journal->my_releases(fakes::pseudonym_of(7))->size() == 4);
        if (status->epoch == 2) ++begun;
        // And it can be completed.
        REQUIRE(journal->hear_chains({foreign}).has_value());
        REQUIRE(journal->next_batch(50).has_value());
        REQUIRE(journal->hear_chains({foreign}).has_value());
        CHECK(journal->status()->epoch == 2);
        CHECK(journal->append(fakes::consent(7), {})->key.epoch == 2);
    }
    CHECK(begun > 2);
    CHECK(begun < crash::worlds(24));
}
