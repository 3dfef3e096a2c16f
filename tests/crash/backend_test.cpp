// SPDX-License-Identifier: EUPL-1.2
// The backend's promise on a disk that loses power or fails to sync: whatever it has answered for
// is there afterwards (I1, I7), and after a failed sync it opens its database anew and goes on.
#include "drivers/base/check.hpp"  // before doctest.h, whose CHECK counts in tests

#include <doctest/doctest.h>

#include "sync/backend/ingest/ingest.hpp"
#include "sync/backend/store/sqlite/sqlite_store.hpp"
#include "tests/crash/power_cut_disk.hpp"
#include "tests/unit/sync/backend/world.hpp"

namespace {

constexpr backend::Statement count_records{"SELECT COUNT(*) FROM record"};

struct Outcome {
    std::uint64_t acknowledged = 0;
    std::uint64_t found = 0;
    bool opened = false;
};

void prepare(crash::PowerCutDisk& disk, const test::Terminal& terminal) {
    auto store = backend::SqliteStore::open("backend.db", disk.vfs_name());
    REQUIRE(store.has_value());
    test::enrol(**store, terminal);
}

/// Batches of one record, each of them tried until it is taken or the power is off.
void live(crash::PowerCutDisk& disk, test::Terminal& terminal, std::uint64_t records,
          Outcome& outcome) {
    auto store = backend::SqliteStore::open("backend.db", disk.vfs_name());
    for (int again = 0; !store && again < 3 && !disk.dead(); ++again) {
        store = backend::SqliteStore::open("backend.db", disk.vfs_name());
    }
    if (!store) return;
    for (std::uint64_t seq = 1; seq <= records; ++seq) {
        terminal.append(test::grant(static_cast<std::uint8_t>(seq)));
        for (int again = 0; again < 3 && !disk.dead(); ++again) {
            const auto done = backend::ingest_batch(**store, terminal.id, terminal.batch(seq, seq));
            if (!done) continue;
            REQUIRE(done->verdict == backend::BatchVerdict::stored);
            outcome.acknowledged = seq;
            break;
        }
        if (outcome.acknowledged != seq) return;
    }
}

void look(crash::PowerCutDisk& disk, Outcome& outcome) {
    disk.power_cycle();
    auto store = backend::SqliteStore::open("backend.db", disk.vfs_name());
    outcome.opened = store.has_value();
    if (!store) return;
    const auto rows = (*store)->run(count_records, {});
    REQUIRE(rows.has_value());
    outcome.found = rows->at(0).count(0);
}

}  // namespace

TEST_CASE("backend: a power cut takes back nothing that was answered for (I1)") {
    std::uint64_t answered = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        CAPTURE(seed);
        test::SeededRandom random{seed};
        test::Terminal terminal{1, random};
        crash::PowerCutDisk disk(5'000 + seed);
        prepare(disk, terminal);
        disk.cut_after(1 + seed * 6);
        Outcome outcome;
        live(disk, terminal, 25, outcome);
        look(disk, outcome);
        REQUIRE(outcome.opened);
        REQUIRE(outcome.found >= outcome.acknowledged);
        answered += outcome.acknowledged;
    }
    CHECK(answered > 100);
}

TEST_CASE(
    "backend: after a failed sync it starts anew, answers for nothing lost and goes on (I7)") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        CAPTURE(seed);
        test::SeededRandom random{seed};
        test::Terminal terminal{1, random};
        crash::PowerCutDisk disk(6'000 + seed);
        prepare(disk, terminal);
        disk.fail_sync_after(3 + seed % 12);
        Outcome outcome;
        live(disk, terminal, 20, outcome);
        CHECK_MESSAGE(outcome.acknowledged == 20, "one failed sync must not end the service");
        look(disk, outcome);
        REQUIRE(outcome.opened);
        REQUIRE(outcome.found >= outcome.acknowledged);
    }
}

namespace {

/// Takes batches of one record as long as `many` are tried.
void take(backend::Store& store, test::Terminal& terminal, int many, Outcome& outcome) {
    for (int i = 0; i < many; ++i) {
        const std::uint64_t seq = outcome.acknowledged + 1;
        if (const auto done = backend::ingest_batch(store, terminal.id, terminal.batch(seq, seq)))
            outcome.acknowledged = seq;
    }
}

}  // namespace

// The file grows only when the log is copied into it: on a full disk it cannot be, and what a
// failed sync has lost of the log stays lost unless it is written once more.
TEST_CASE("backend: after a failed sync on a full disk nothing that is answered for is lost (I1)") {
    bool starts_anew = false;
    SUBCASE("the same process goes on") {}
    SUBCASE("it is started anew") {
        starts_anew = true;
    }
    std::uint64_t answered = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        CAPTURE(seed);
        test::SeededRandom random{seed};
        test::Terminal terminal{1, random};
        for (std::uint8_t i = 1; i <= 40; ++i) {
            auto draft = test::grant(i);
            draft.jwe = std::string(6'000, 'x');  // so that the file grows
            terminal.append(draft);
        }
        crash::PowerCutDisk disk(7'000 + seed);
        prepare(disk, terminal);
        Outcome outcome;
        {
            auto store = backend::SqliteStore::open("backend.db", disk.vfs_name());
            REQUIRE(store.has_value());
            take(**store, terminal, 3, outcome);
            REQUIRE(outcome.acknowledged == 3);
            disk.set_capacity(disk.used() + seed * 4'000);
            disk.fail_sync_after(0);
            take(**store, terminal, 4, outcome);
            if (starts_anew) {
                store->reset();
                store = backend::SqliteStore::open("backend.db", disk.vfs_name());
                REQUIRE(store.has_value());
            }
            take(**store, terminal, 4, outcome);
            disk.set_capacity(UINT64_MAX);
            take(**store, terminal, 3, outcome);
            disk.cut_after(0);  // before anything is written back
        }
        answered += outcome.acknowledged;
        look(disk, outcome);
        REQUIRE(outcome.opened);
        CHECK(outcome.found >= outcome.acknowledged);
    }
    CHECK(answered > 300);
}

// Closed after a failed sync the log is copied into the file and emptied; if that is not synced
// either, a power cut brings old pages back, and they would be copied over newer ones.
TEST_CASE("backend: three failed syncs, one soon after another, and then a power cut (I1)") {
    std::uint64_t answered = 0;
    for (std::uint64_t seed = 390; seed < 750; ++seed) {
        CAPTURE(seed);
        test::SeededRandom random{seed};
        test::Terminal terminal{1, random};
        for (std::uint8_t i = 1; i <= 30; ++i) terminal.append(test::grant(i));
        crash::PowerCutDisk disk(8'000 + seed);
        prepare(disk, terminal);
        Outcome outcome;
        {
            auto store = backend::SqliteStore::open("backend.db", disk.vfs_name());
            REQUIRE(store.has_value());
            for (const std::uint64_t wait : {seed % 7, seed / 7 % 7, seed / 49 % 7}) {
                disk.fail_sync_after(wait);
                take(**store, terminal, 1 + static_cast<int>(seed % 3), outcome);
            }
            disk.cut_after(seed % 5);
            take(**store, terminal, 2, outcome);
        }
        answered += outcome.acknowledged;
        look(disk, outcome);
        REQUIRE(outcome.opened);
        CHECK(outcome.found >= outcome.acknowledged);
    }
    CHECK(answered > 1'000);
}
