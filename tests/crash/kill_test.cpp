// SPDX-License-Identifier: EUPL-1.2
// kill -9 at any moment: a child process records and reports each record through a pipe after it
// was told "durable"; the parent kills it, opens the file and compares.
#include "tests/fakes/journal_world.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "drivers/crypto/random.hpp"

namespace {

/// Runs in the child and never returns.
[[noreturn]] void record_for_ever(fakes::JournalWorld& world, int acks) {
    crypto::SystemRandom random;
    auto journal = journal::Journal::open(world.options(), {world.keys, random, world.clock});
    if (!journal) ::_exit(1);
    for (;;) {
        const auto done = journal->append(fakes::consent(7), journal::Slip::none);
        if (!done) ::_exit(2);
        const std::uint64_t seq = done->key.seq;
        if (::write(acks, &seq, sizeof seq) != sizeof seq) ::_exit(3);
    }
}

/// The last record that the child reported before it was killed; 0 = none.
std::uint64_t last_ack(int acks) {
    std::uint64_t last = 0;
    for (std::uint64_t seq = 0; ::read(acks, &seq, sizeof seq) == sizeof seq;) last = seq;
    return last;
}

}  // namespace

TEST_CASE("kill -9: every reported record is there, and at most one more (I1, I3)") {
    const unsigned seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 random(seed);
    fakes::JournalWorld world;
    std::uint64_t known = 0;
    std::uint64_t reported_kills = 0;
    for (int round = 0; round < 100; ++round) {
        int acks[2];
        REQUIRE(::pipe(acks) == 0);
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            ::close(acks[0]);
            // The log lines of a child that dies a hundred times say nothing.
            ::close(STDERR_FILENO);
            record_for_ever(world, acks[1]);
        }
        ::close(acks[1]);
        // Somewhere in the opening, or somewhere in one of the next records.
        std::uint64_t acked = 0;
        for (std::uint64_t wanted = random() % 4; wanted > 0; --wanted) {
            if (::read(acks[0], &acked, sizeof acked) != sizeof acked) break;
        }
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 8'000));
        REQUIRE(::kill(child, SIGKILL) == 0);
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        // It was killed and did not end by itself: no error on the way.
        CHECK(WIFSIGNALED(status));
        acked = std::max(acked, last_ack(acks[0]));
        ::close(acks[0]);
        auto journal = journal::Journal::open(world.options(), world.ports());
        REQUIRE(journal.has_value());
        const std::uint64_t rows = journal->status()->rows;
        const std::uint64_t least = std::max(acked, known);
        CHECK(rows >= least);
        CHECK(rows <= least + 1);
        if (acked > 0) ++reported_kills;
        known = rows;
    }
    // Otherwise the loop has tested nothing but opening.
    CHECK(reported_kills > 10);
}
