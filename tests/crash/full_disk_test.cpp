// SPDX-License-Identifier: EUPL-1.2
// A disk that is really full: the journal on a small tmpfs of its own, and somebody else who takes
// every free byte. Grants are refused, a withdrawal is not, receipts come in, and when there is
// room again everything goes on. In a process of its own with private mounts; without the right to
// mount the test says so and checks nothing.
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/fakes/journal_world.hpp"

#include <doctest/doctest.h>

namespace {

constexpr int cannot_mount = 77;

/// Maps root of a new user namespace to us, so that mounting is allowed there.
bool enter_namespace() {
    const auto uid = std::to_string(::getuid());
    const auto gid = std::to_string(::getgid());
    if (::unshare(CLONE_NEWNS) != 0) {
        if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
        std::ofstream("/proc/self/setgroups") << "deny";
        std::ofstream("/proc/self/uid_map") << "0 " + uid + " 1";
        std::ofstream("/proc/self/gid_map") << "0 " + gid + " 1";
    }
    return ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

/// Takes every free byte.
void fill(const std::filesystem::path& file) {
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    for (std::size_t size = 65'536; fd >= 0 && size > 0;) {
        const std::vector<char> bytes(size, 'x');
        if (::write(fd, bytes.data(), size) <= 0) size /= 2;
    }
    if (fd >= 0) ::close(fd);
}

bool is_full(const base::Result<journal::Appended>& done) {
    return !done && done.error().code == base::Errc::journal_full;
}

/// The story; the number of the step that went wrong, or 0.
int story(const std::filesystem::path& folder) {
    fakes::JournalWorld world;
    if (!enter_namespace()) return cannot_mount;
    if (::mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=16m") != 0) return cannot_mount;
    journal::Options options = world.options();
    options.path = folder / "journal.db";
    // A record takes about 35 kB in the log and 6 kB in the file: a hundred of them fit only if the
    // log is emptied while the reserve is in use.
    options.reserve_bytes = 2U << 20U;
    auto journal = journal::Journal::open(options, world.ports());
    if (!journal) return 1;
    if (!journal->append(fakes::consent(7), journal::Slip::none)) return 2;
    fill(folder / "foreign");
    // The pages and the log that are there may take a few more; then grants must be refused as
    // full.
    int grants = 0;
    while (journal->append(fakes::consent(7), journal::Slip::none)) {
        fill(folder / "foreign");
        if (++grants > 200) return 3;
    }
    if (!is_full(journal->append(fakes::consent(7), journal::Slip::none))) return 4;
    // A log that was just emptied has room for a record or two; a grant may have it while the
    // reserve is untouched. Once withdrawals live on the reserve, no grant comes in.
    int late_grants = 0;
    for (int i = 0; i < 100; ++i) {
        if (!journal->append(fakes::withdrawal_of_all(7), journal::Slip::none)) return 5;
        const auto grant = journal->append(fakes::consent(7), journal::Slip::none);
        if (grant ? ++late_grants > 5 : !is_full(grant)) return 6;
        if (grant && !std::filesystem::exists(folder / "journal.db-reserve")) return 10;
    }
    const auto batch = journal->next_batch(50);
    if (!batch || !journal->store_receipt(world.receipt_for_batch(*batch, 1'764'000'000))) return 7;
    const std::uint64_t rows = journal->status()->rows;
    std::filesystem::remove(folder / "foreign");
    if (!journal->append(fakes::consent(7), journal::Slip::none)) return 8;
    if (journal->status()->rows != rows + 1 || !journal->status()->grants_possible) return 9;
    return 0;
}

}  // namespace

TEST_CASE("full disk: a real one refuses grants and takes every withdrawal (I1)") {
    const fakes::TempFolder folder;
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) ::_exit(story(folder.path()));
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status));
    if (WEXITSTATUS(status) == cannot_mount) {
        MESSAGE("no right to mount a tmpfs here: nothing was checked");
        return;
    }
    CHECK_MESSAGE(WEXITSTATUS(status) == 0, "step of story()");
}
