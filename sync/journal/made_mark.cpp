// SPDX-License-Identifier: EUPL-1.2
#include "sync/journal/made_mark.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "drivers/base/handle.hpp"

namespace journal {
namespace {

using base::Errc;
using MarkFile = base::Handle<int, [](int file) { ::close(file); }>;

/// The smallest SQLite file has one page of this size, which is our page size as well.
constexpr std::uintmax_t journal_bytes_min = 4'096;

}  // namespace

std::filesystem::path made_mark_of(const std::filesystem::path& journal) {
    return journal.string() + "-made";
}

base::Result<void> require_still_there(const std::filesystem::path& journal) {
    std::error_code error;
    if (!std::filesystem::exists(made_mark_of(journal), error)) return {};
    const auto size = std::filesystem::file_size(journal, error);
    if (!error && size >= journal_bytes_min) return {};
    return base::fail(Errc::journal_open_failed, "the journal that was here is gone");
}

base::Result<void> set_made_mark(const std::filesystem::path& journal) {
    const auto mark = made_mark_of(journal);
    std::error_code error;
    if (std::filesystem::exists(mark, error)) return {};
    const MarkFile file(::open(mark.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    const MarkFile folder(
        ::open(journal.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!file.has_value() || !folder.has_value() || ::fsync(file.get()) != 0 ||
        ::fsync(folder.get()) != 0) {
        return base::fail(Errc::file_io, "journal mark", static_cast<std::uint32_t>(errno));
    }
    return {};
}

}  // namespace journal
