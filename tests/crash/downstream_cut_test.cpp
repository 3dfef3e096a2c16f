// SPDX-License-Identifier: EUPL-1.2
// What comes down, cut at any moment: a power cut in the journal that remembers it, and a kill at
// every system call from the offer of a list to its activation. Afterwards the old list is whole or
// the new one is, never half of one, and the work goes on (I14).
#include "drivers/base/check.hpp"  // before doctest.h, whose CHECK counts in tests

#include <doctest/doctest.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <map>

#include "sync/downstream/receiver.hpp"
#include "tests/crash/journal_on_disk.hpp"
#include "tests/fakes/journal_world.hpp"
#include "tests/unit/sync/downstream/signers.hpp"

using downstream::Kind;
using downstream::Receiver;
using downstream::Target;

namespace {

class JournalMemory final : public downstream::Memory {
  public:
    explicit JournalMemory(journal::Journal& journal) : journal_(journal) {}
    base::Result<std::optional<downstream::Remembered>> load() override {
        TRY(state, journal_.downstream_state());
        if (!state) return std::optional<downstream::Remembered>{};
        return std::optional(
            downstream::Remembered{state->root, state->manifest, state->manifest_counts});
    }
    base::Result<void> save(const downstream::Remembered& state) override {
        return journal_.store_downstream_state(
            {state.root_file, state.manifest_file, state.manifest_counts});
    }

  private:
    journal::Journal& journal_;
};

/// One terminal's disk and what a publisher signed for it.
struct Downstream {
    fakes::JournalWorld world;
    downstream_test::Signers signers;
    std::string enrolled = signers.root_file(signers.root());
    std::map<crypto::Sha256Digest, std::string> files;
    std::string first = sign(1, {"old", "shared"});
    std::string second = sign(2, {"new catalogue", "shared", "new certificates"});

    std::string sign(std::uint64_t version, const std::vector<std::string>& contents) {
        std::vector<Target> targets;
        for (const std::string& content : contents) {
            targets.push_back(
                downstream_test::target(Kind::csca, "c" + std::to_string(targets.size()), content));
            files[targets.back().digest] = content;
        }
        return signers.manifest_file(downstream_test::manifest(version, std::move(targets)));
    }
    base::Result<Receiver> open(downstream::Memory& memory) {
        return Receiver::open({world.folder.path() / "downstream", base::Uuid{{1}}, enrolled},
                              memory,
                              [](const Target&, base::ByteView) { return base::Result<void>(); });
    }
    /// Offers a list and brings its files, seven bytes a piece.
    base::Result<void> bring(Receiver& receiver, const std::string& list) {
        TRY_VOID(receiver.offer_manifest(list, downstream_test::now_ms));
        for (auto wanted = receiver.wanted(); !wanted.empty(); wanted = receiver.wanted()) {
            const auto& next = wanted.front();
            const std::string piece = files.at(next.file.digest).substr(next.have, 7);
            TRY_VOID(receiver.put(next.file.digest, next.have, base::as_bytes(piece)));
        }
        return {};
    }
    /// In a child: everything, with a stop before the part that is to be cut.
    [[noreturn]] void live() {
        // The log lines of a child that dies a hundred times say nothing.
        ::close(STDERR_FILENO);
        ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
        auto journal = world.open();
        JournalMemory memory(journal);
        auto receiver = open(memory);
        if (!receiver) ::_exit(2);
        ::raise(SIGSTOP);
        ::_exit(bring(*receiver, second) ? 0 : 3);
    }
};

/// Kills the child at its n-th stop at a system call (entry and exit count) behind its SIGSTOP.
/// returns  true if it ended by itself before.
bool run_until(pid_t child, unsigned n) {
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFSTOPPED(status));
    for (unsigned i = 0; i <= n; ++i) {
        REQUIRE(::ptrace(PTRACE_SYSCALL, child, nullptr, nullptr) == 0);
        REQUIRE(::waitpid(child, &status, 0) == child);
        if (WIFEXITED(status)) {
            CHECK(WEXITSTATUS(status) == 0);
            return true;
        }
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, &status, 0);
    return false;
}

}  // namespace

TEST_CASE("kill: at every system call of an activation one list is whole (I14)") {
    unsigned n = 0;
    unsigned old_lists = 0;
    for (bool ended = false; !ended; n += 3) {
        CAPTURE(n);
        REQUIRE(n < 5'000);
        Downstream place;
        {
            auto journal = place.world.open();
            JournalMemory memory(journal);
            auto receiver = place.open(memory);
            REQUIRE(receiver.has_value());
            REQUIRE(place.bring(*receiver, place.first).has_value());
        }
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) place.live();
        ended = run_until(child, n);
        auto journal = place.world.open();
        JournalMemory memory(journal);
        auto receiver = place.open(memory);
        REQUIRE(receiver.has_value());
        REQUIRE(receiver->active().has_value());
        const std::uint64_t version = receiver->active()->version;
        REQUIRE((version == 1 || version == 2));
        if (ended) CHECK(version == 2);
        if (version == 1) ++old_lists;
        // Each of its files was read and compared at the opening: nothing is missing.
        CHECK(receiver->wanted().empty());
        CHECK(place.bring(*receiver, place.second).has_value());
        CHECK(receiver->active()->version == 2);
    }
    CHECK(n > 60);
    CHECK(old_lists > 10);
}

TEST_CASE("power cut: version and content of what came down never part (I14)") {
    fakes::JournalWorld world;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        CAPTURE(seed);
        crash::PowerCutDisk disk(seed);
        const journal::Options options = crash::on_disk(world, disk);
        std::uint8_t told = 0;
        disk.cut_after(20 + seed * 3);
        if (auto journal = journal::Journal::open(options, world.ports())) {
            for (std::uint8_t n = 1; n < 20 && !disk.dead(); ++n) {
                const base::Bytes file(2'000, n);
                if (!journal->store_downstream_state({file, file, true})) break;
                told = n;
            }
        }
        disk.power_cycle();
        auto journal = journal::Journal::open(options, world.ports());
        REQUIRE(journal.has_value());
        const auto state = journal->downstream_state();
        REQUIRE(state.has_value());
        if (!state->has_value()) {
            CHECK(told == 0);
            continue;
        }
        CHECK((*state)->root == (*state)->manifest);
        CHECK((*state)->root.size() == 2'000);
        CHECK((*state)->root.front() >= told);
        CHECK((*state)->root.front() <= told + 1);
    }
}
