// SPDX-License-Identifier: EUPL-1.2
// The journal on a real file system whose calls fail now and then: libfiu sits between SQLite and
// the C library (LD_PRELOAD, see CMakeLists.txt) and lets calls fail with an errno they may have.
// Unlike the disk of power_cut_disk.hpp it knows nothing of SQLite and is not ours. Seeded by
// libfiu itself; what is checked holds for every sequence.
#include <fiu-control.h>
#include <fiu.h>

#include <array>
#include <filesystem>
#include <string>

#include "tests/fakes/journal_world.hpp"

#include <doctest/doctest.h>

#include "sync/journal/untold.hpp"

namespace {

/// The calls of one kind fail with this probability while it lives.
class Faults {
  public:
    Faults(std::string point, float probability) : point_(std::move(point)) {
        REQUIRE(::fiu_init(0) == 0);
        REQUIRE(::fiu_enable_random(point_.c_str(), 1, nullptr, 0, probability) == 0);
    }
    Faults(const Faults&) = delete;
    Faults& operator=(const Faults&) = delete;
    ~Faults() { ::fiu_disable(point_.c_str()); }

  private:
    std::string point_;
};

struct Outcome {
    std::uint64_t told = 0;  ///< acts that the citizen was told are recorded
    std::uint64_t failed = 0;
    /// Failures after which the file could not be opened either: nobody was told that it is not
    /// recorded.
    std::uint64_t unknown = 0;
};

/// Records until `acts` were tried. Each failure is followed by an opening anew now and then, as
/// after a restart of the kiosk.
Outcome live(fakes::JournalWorld& world, int acts) {
    Outcome outcome;
    auto journal = journal::Journal::open(world.options(), world.ports());
    for (int i = 0; i < acts; ++i) {
        if (!journal) {
            ++outcome.failed;
            journal = journal::Journal::open(world.options(), world.ports());
            continue;
        }
        const auto act = i % 3 == 2 ? fakes::withdrawal_of_all(7) : fakes::consent(7);
        if (const auto done = journal->append(act, {}); done) {
            ++outcome.told;
        } else {
            ++outcome.failed;
            if (done.error().code != base::Errc::journal_io &&
                done.error().code != base::Errc::journal_full)
                ++outcome.unknown;
            if (i % 4 == 0) journal = journal::Journal::open(world.options(), world.ports());
        }
    }
    return outcome;
}

/// How many records are there when no call fails any more; each with the citizen's own copy.
std::uint64_t rows_after(fakes::JournalWorld& world) {
    auto journal = journal::Journal::open(world.options(), world.ports());
    REQUIRE(journal.has_value());
    const std::uint64_t rows = journal->status()->rows;
    const auto own = journal->my_releases(fakes::pseudonym_of(7));
    REQUIRE(own.has_value());
    CHECK(own->size() == rows);
    // Whose outcome was unknown is answered.
    CHECK_FALSE(std::filesystem::exists(journal::untold_note_of(world.options().path)));
    // And it goes on.
    CHECK(journal->append(fakes::consent(7), {}).has_value());
    return rows;
}

}  // namespace

TEST_CASE("libfiu: whatever call fails, what the citizen was told is there (I1, I2)") {
    constexpr std::array points = {
        "posix/io/sync/fdatasync", "posix/io/sync/fsync", "posix/io/rw/pwrite",
        "posix/io/rw/write",       "posix/io/rw/pread",   "posix/io/oc/open",
        "posix/io/dir/*",          "posix/mm/mmap",       "posix/io/*"};
    std::uint64_t told = 0;
    std::uint64_t failed = 0;
    for (const char* point : points) {
        for (const float probability : {0.01F, 0.05F, 0.3F}) {
            CAPTURE(std::string(point));
            CAPTURE(probability);
            fakes::JournalWorld world;
            { (void)world.open(); }  // made before anything fails
            Outcome outcome;
            {
                const Faults faults(point, probability);
                outcome = live(world, 40);
            }
            const std::uint64_t rows = rows_after(world);
            CHECK(rows >= outcome.told);
            // What was reported as failed is not there behind the citizen's back.
            CHECK(rows <= outcome.told + outcome.unknown);
            told += outcome.told;
            failed += outcome.failed;
        }
    }
    MESSAGE("told " << told << ", failed " << failed);
    CHECK(told > 200);
    CHECK(failed > 100);
}

TEST_CASE("libfiu: the canary - who tells before it is durable is found out") {
    fakes::JournalWorld world;
    { (void)world.open(); }
    Outcome outcome;
    {
        const Faults faults("posix/io/rw/pwrite", 0.2F);
        outcome = live(world, 40);
    }
    CHECK(outcome.failed > 0);
    CHECK(rows_after(world) < outcome.told + outcome.failed);
}
