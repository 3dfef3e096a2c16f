// SPDX-License-Identifier: EUPL-1.2
// Power cuts, failed syncs and full disks under the real journal. Every world has a seed, which is
// printed when it fails; FREIGABE_WORLDS runs more of them.
#include "tests/crash/journal_on_disk.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "sync/journal/untold.hpp"

using base::Errc;
using crash::on_disk;
using crash::worlds;

namespace {

/// What one world came to.
struct Outcome {
    std::uint64_t acknowledged = 0;
    std::uint64_t found = 0;
    bool opened = false;
    std::uint64_t attempts = 0;
};

/// Appends until something fails; counts what was promised to the citizen.
void live(fakes::JournalWorld& world, crash::PowerCutDisk& disk, Outcome& outcome) {
    auto journal = journal::Journal::open(on_disk(world, disk), world.ports());
    if (!journal) return;
    for (int i = 0; i < 12 && !disk.dead(); ++i) {
        ++outcome.attempts;
        const auto done = i % 3 == 2 ? journal->append(fakes::withdrawal_of_all(7), {})
                                     : journal->append(fakes::consent(7), {});
        if (done) ++outcome.acknowledged;
    }
}

void look(fakes::JournalWorld& world, crash::PowerCutDisk& disk, Outcome& outcome) {
    disk.power_cycle();
    auto journal = journal::Journal::open(on_disk(world, disk), world.ports());
    outcome.opened = journal.has_value();
    if (!journal) return;
    outcome.found = journal->status()->rows;
    const auto own = journal->my_releases(fakes::pseudonym_of(7));
    // The copies stand in the same transaction as their rows (I2).
    if (!own || own->size() != outcome.found) outcome.opened = false;
}

}  // namespace

TEST_CASE("power cut: what the citizen was told is there, the chain is whole (I1, I2, I3)") {
    fakes::JournalWorld world;
    for (std::uint64_t seed = 1; seed <= worlds(60); ++seed) {
        CAPTURE(seed);
        crash::PowerCutDisk disk(seed);
        std::mt19937_64 random(seed);
        Outcome outcome;
        // Up to three lives on one disk, each ended by a cut.
        for (std::uint64_t lives = 1 + random() % 3; lives > 0; --lives) {
            disk.cut_after(random() % 160);
            const std::uint64_t before = outcome.acknowledged;
            outcome.attempts = 0;
            live(world, disk, outcome);
            look(world, disk, outcome);
            REQUIRE(outcome.opened);
            REQUIRE(outcome.found >= outcome.acknowledged);
            // At most the one that was under way came through without being told.
            REQUIRE(outcome.found - outcome.acknowledged <= 1);
            CHECK(outcome.found <= before + outcome.attempts);
            outcome.acknowledged = outcome.found;
        }
    }
}

TEST_CASE("power cut: the canary - without syncs of the log a loss is found") {
    fakes::JournalWorld world;
    std::uint64_t losses = 0;
    for (std::uint64_t seed = 1; seed <= 40 && losses == 0; ++seed) {
        crash::PowerCutDisk disk(1'000 + seed);
        disk.ignore_log_syncs();
        disk.cut_after(60 + seed * 5);
        Outcome outcome;
        live(world, disk, outcome);
        look(world, disk, outcome);
        if (!outcome.opened || outcome.found < outcome.acknowledged) ++losses;
    }
    CHECK(losses > 0);
}

TEST_CASE("failed sync: the connection is dropped, nothing that was promised is lost (I7)") {
    fakes::JournalWorld world;
    for (std::uint64_t seed = 1; seed <= worlds(40); ++seed) {
        CAPTURE(seed);
        crash::PowerCutDisk disk(2'000 + seed);
        Outcome outcome;
        disk.fail_sync_after(seed % 20);
        live(world, disk, outcome);
        CHECK(outcome.acknowledged + 1 >= outcome.attempts);
        look(world, disk, outcome);
        REQUIRE(outcome.opened);
        CHECK(outcome.found >= outcome.acknowledged);
    }
}

TEST_CASE("one sync per record, and none of them is left out") {
    fakes::JournalWorld world;
    crash::PowerCutDisk disk(3'000);
    auto journal = journal::Journal::open(on_disk(world, disk), world.ports());
    REQUIRE(journal.has_value());
    REQUIRE(journal->append(fakes::consent(7), {}).has_value());
    for (int i = 0; i < 5; ++i) {
        const std::uint64_t before = disk.syncs();
        REQUIRE(journal->append(fakes::consent(7), {}).has_value());
        CHECK(disk.syncs() == before + 1);
    }
}

TEST_CASE("full disk: refused as full, whole afterwards, and goes on when there is room") {
    fakes::JournalWorld world;
    crash::PowerCutDisk disk(4'000);
    {
        auto journal = journal::Journal::open(on_disk(world, disk), world.ports());
        REQUIRE(journal.has_value());
        disk.set_capacity(600U << 10U);
        std::uint64_t told = 0;
        for (int refusals = 0; refusals < 3;) {
            const auto done = journal->append(fakes::consent(7), {});
            if (done) {
                ++told;
            } else {
                CHECK(done.error().code == Errc::journal_full);
                ++refusals;
            }
            REQUIRE(told < 500);
        }
        CHECK(journal->status()->rows == told);
        disk.set_capacity(2U << 20U);
        CHECK(journal->append(fakes::consent(7), {}).has_value());
        CHECK(journal->status()->rows == told + 1);
    }
    disk.power_cycle();
    CHECK(journal::Journal::open(on_disk(world, disk), world.ports()).has_value());
}

// Found by the simulation (tests/sim, seed 22): opening anew after a failed sync kept the log as it
// was when the disk was too full to copy it into the file, and its pages that count as clean are
// never written again.
TEST_CASE("failed sync on a full disk: what the citizen is told afterwards survives a power cut") {
    fakes::JournalWorld world;
    for (std::uint64_t seed = 1; seed <= worlds(60); ++seed) {
        CAPTURE(seed);
        crash::PowerCutDisk disk(5'000 + seed);
        std::uint64_t told = 0;
        {
            auto journal = journal::Journal::open(on_disk(world, disk), world.ports());
            REQUIRE(journal.has_value());
            for (int i = 0; i < 3; ++i) {
                REQUIRE(journal->append(fakes::consent(7), {}).has_value());
                ++told;
            }
            disk.set_capacity(disk.used() + seed * 600);
            disk.fail_sync_after(0);
            for (int i = 0; i < 6; ++i) {
                if (journal->append(fakes::withdrawal_of_all(7), {})) ++told;
            }
            disk.set_capacity(UINT64_MAX);
            if (journal->append(fakes::consent(7), {})) ++told;
        }
        disk.power_cycle();
        auto journal = journal::Journal::open(on_disk(world, disk), world.ports());
        REQUIRE(journal.has_value());
        CHECK(journal->status()->rows >= told);
    }
}

TEST_CASE("full disk: wherever it becomes full, what is reported as failed is not there (I2)") {
    fakes::JournalWorld world;
    int kept = 0;
    int refused = 0;
    for (std::uint64_t room = 0; room < 120; ++room) {
        CAPTURE(room);
        crash::PowerCutDisk disk(6'000 + room);
        std::uint64_t told = 2;
        {
            auto journal = journal::Journal::open(on_disk(world, disk), world.ports());
            REQUIRE(journal.has_value());
            for (int i = 0; i < 2; ++i) REQUIRE(journal->append(fakes::consent(7), {}).has_value());
            disk.set_capacity(disk.used() + room * 700);
            // Again and again, as people do: each attempt begins where the one before broke off.
            for (int attempt = 0; attempt < 3; ++attempt) {
                const auto done = journal->append(fakes::consent(7), {});
                told += done ? 1U : 0U;
                (done ? kept : refused) += 1;
                if (!done) CHECK(done.error().code == Errc::journal_full);
                // It was opened anew on the full disk and goes on there.
                CHECK(journal->status()->rows == told);
                CHECK(journal->next_batch(50).has_value());
                // Nor does a power cut bring it back.
                crash::PowerCutDisk after_cut(room);
                after_cut.restore(disk.image());
                auto again = journal::Journal::open(on_disk(world, after_cut), world.ports());
                REQUIRE(again.has_value());
                CHECK(again->status()->rows == told);
            }
        }
        disk.set_capacity(UINT64_MAX);
        auto journal = journal::Journal::open(on_disk(world, disk), world.ports());
        REQUIRE(journal.has_value());
        CHECK(journal->status()->rows == told);
        CHECK(journal->append(fakes::consent(7), {}).has_value());
    }
    CHECK(kept > 0);
    CHECK(refused > 0);
}

// The log is emptied when it was copied into the file; if that is not synced, a power cut brings
// its old frames back, which would be copied over newer pages.
TEST_CASE("three failed syncs and a power cut: told is there, failed is not (I1, I2)") {
    fakes::JournalWorld world;
    std::uint64_t all_told = 0;
    for (std::uint64_t seed = 1; seed <= worlds(200); ++seed) {
        CAPTURE(seed);
        crash::PowerCutDisk disk(9'000 + seed);
        std::uint64_t told = 0;
        std::uint64_t unsure = 0;
        {
            auto journal = journal::Journal::open(on_disk(world, disk), world.ports());
            REQUIRE(journal.has_value());
            const auto attempt = [&](std::uint64_t times) {
                for (; times > 0; --times) {
                    const auto done = journal->append(fakes::consent(7), {});
                    told += done ? 1U : 0U;
                    const bool nobody_knows =
                        !done && (disk.dead() || done.error().code == Errc::journal_open_failed);
                    unsure += nobody_knows ? 1U : 0U;
                }
            };
            attempt(1 + seed % 2);
            for (const std::uint64_t wait : {seed % 7, seed / 7 % 7, seed / 49 % 7}) {
                disk.fail_sync_after(wait);
                attempt(1 + seed % 3);
            }
            disk.cut_after(seed % 5);
            attempt(2);
        }
        disk.power_cycle();
        auto journal = journal::Journal::open(on_disk(world, disk), world.ports());
        REQUIRE(journal.has_value());
        CHECK(journal->status()->rows >= told);
        CHECK(journal->status()->rows <= told + unsure);
        all_told += told;
    }
    CHECK(all_told > 500);
}

namespace {

std::optional<journal::Alarm> alarm_of(journal::Journal& journal, journal::AlarmKind kind) {
    const auto status = journal.status();
    REQUIRE(status.has_value());
    const auto found = std::ranges::find(status->alarms, kind, &journal::Alarm::kind);
    if (found == status->alarms.end()) return std::nullopt;
    return *found;
}

bool has_alarm(journal::Journal& journal, journal::AlarmKind kind) {
    return alarm_of(journal, kind).has_value();
}

/// Fails the sync of the commit that comes next so that now and then nobody knows what became of
/// it. changes: what one record costs.
void fail_a_commit(crash::PowerCutDisk& disk, std::uint64_t turn, std::uint64_t changes) {
    if (turn % 2 == 0) {  // the sync of the commit, and something while opening anew
        disk.fail_sync_after(0);
        disk.fail_change_after(turn);
    } else {  // the disk goes at that sync, and comes back
        disk.cut_after(changes - 1);
    }
}

}  // namespace

TEST_CASE("failed sync: somebody is called, and for a record that nobody knew of, too") {
    fakes::JournalWorld world;
    int unknown = 0;
    int untold = 0;
    for (std::uint64_t change = 0; change < 120; ++change) {
        CAPTURE(change);
        crash::PowerCutDisk disk(8'000 + change);
        auto journal = journal::Journal::open(on_disk(world, disk), world.ports());
        REQUIRE(journal.has_value());
        REQUIRE(journal->append(fakes::consent(7), {}).has_value());
        const std::uint64_t before = disk.changes();
        REQUIRE(journal->append(fakes::consent(7), {}).has_value());
        const std::uint64_t changes = disk.changes() - before;
        CHECK_FALSE(has_alarm(*journal, journal::AlarmKind::disk_failed));
        fail_a_commit(disk, change, changes);
        const auto done = journal->append(fakes::consent(7), {});
        const bool nobody_knows = !done && done.error().code == Errc::journal_open_failed;
        if (disk.dead()) disk.power_cycle();
        const std::uint64_t rows = journal->status()->rows;
        CHECK(has_alarm(*journal, journal::AlarmKind::disk_failed));
        if (!nobody_knows) CHECK(rows == (done ? 3 : 2));
        CHECK(has_alarm(*journal, journal::AlarmKind::record_untold) ==
              (nobody_knows && rows == 3));
        CHECK(has_alarm(*journal, journal::AlarmKind::record_failed) ==
              (nobody_knows && rows == 2));
        unknown += nobody_knows ? 1 : 0;
        untold += nobody_knows && rows == 3 ? 1 : 0;
    }
    CHECK(unknown > 0);
    CHECK(untold > 0);
}

TEST_CASE("failed sync: whose outcome was unknown has an answer after the kiosk's end, once") {
    fakes::JournalWorld world;
    int recorded = 0;
    int not_recorded = 0;
    for (std::uint64_t turn = 0; turn < 120; ++turn) {
        CAPTURE(turn);
        crash::PowerCutDisk disk(15'000 + turn);
        journal::Options options = on_disk(world, disk);
        options.notes = world.folder.path() / ("journal-" + std::to_string(turn));
        const auto note = journal::untold_note_of(options.notes);
        const std::uint64_t said_ms = world.clock.wall;
        bool nobody_knows = false;
        {
            auto journal = journal::Journal::open(options, world.ports());
            REQUIRE(journal.has_value());
            REQUIRE(journal->append(fakes::consent(7), {}).has_value());
            const std::uint64_t before = disk.changes();
            REQUIRE(journal->append(fakes::consent(7), {}).has_value());
            fail_a_commit(disk, turn, disk.changes() - before);
            const auto done = journal->append(fakes::consent(7), {});
            nobody_knows = !done && done.error().code == Errc::journal_open_failed;
        }
        CHECK(std::filesystem::exists(note) == nobody_knows);
        disk.power_cycle();
        world.clock.wall += 86'400'000;
        for (int start = 0; start < 2; ++start) {
            auto journal = journal::Journal::open(options, world.ports());
            REQUIRE(journal.has_value());
            const std::uint64_t rows = journal->status()->rows;
            const auto untold = alarm_of(*journal, journal::AlarmKind::record_untold);
            const auto failed = alarm_of(*journal, journal::AlarmKind::record_failed);
            CHECK(untold.has_value() == (nobody_knows && rows == 3));
            CHECK(failed.has_value() == (nobody_knows && rows == 2));
            for (const auto& alarm : {untold, failed}) {
                if (!alarm) continue;
                CHECK(alarm->count == 1);
                CHECK(alarm->last_ms == said_ms);
            }
            CHECK_FALSE(std::filesystem::exists(note));
            recorded += untold ? 1 : 0;
            not_recorded += failed ? 1 : 0;
        }
    }
    CHECK(recorded > 0);
    CHECK(not_recorded > 0);
}
