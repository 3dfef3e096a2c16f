// SPDX-License-Identifier: EUPL-1.2
#include "sync/journal/examine.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "drivers/base/handle.hpp"

namespace journal {
namespace {

using base::Errc;
namespace fs = std::filesystem;

using ExaminedFile = base::Handle<int, [](int file) { ::close(file); }>;

/// SQLite's locks are record locks on bytes from 0x40000000; a running program holds some.
base::Result<void> require_unlocked(const fs::path& path) {
    const int opened = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (opened < 0) return base::fail(Errc::file_io, "open", static_cast<std::uint32_t>(errno));
    const ExaminedFile file(opened);
    struct flock lock {};
    lock.l_type = F_RDLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = 0x4000'0000;
    lock.l_len = 512;
    if (::fcntl(file.get(), F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK) {
        return base::fail(Errc::journal_locked, "a program has the journal open");
    }
    return {};
}

base::Result<fs::path> copy_to(const fs::path& folder, const fs::path& source) {
    const fs::path copy = folder / "journal.db";
    std::error_code error;
    fs::copy_file(source, copy, error);
    if (!error && fs::exists(source.string() + "-wal", error)) {
        fs::copy_file(source.string() + "-wal", copy.string() + "-wal", error);
    }
    if (error) {
        return base::fail(Errc::file_io, "copy", static_cast<std::uint32_t>(error.value()));
    }
    return copy;
}

}  // namespace

base::Result<PrivateFolder> PrivateFolder::make() {
    std::error_code ignored;  // without a temporary folder mkdtemp says so
    std::string name = (fs::temp_directory_path(ignored) / "freigabe-verify-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        return base::fail(Errc::file_io, "mkdtemp", static_cast<std::uint32_t>(errno));
    }
    return PrivateFolder(name);
}

PrivateFolder::PrivateFolder(PrivateFolder&& other) noexcept : path_(std::move(other.path_)) {
    other.path_.clear();
}

PrivateFolder::~PrivateFolder() {
    std::error_code ignored;  // a copy that stays behind harms nobody: records are sealed
    if (!path_.empty()) fs::remove_all(path_, ignored);
}

base::Result<Database> open_copy(const fs::path& journal, const PrivateFolder& folder) {
    TRY_VOID(require_unlocked(journal));
    TRY(copy, copy_to(folder.path(), journal));
    return Database::open(copy.string(), Access::examine, "");
}

}  // namespace journal
