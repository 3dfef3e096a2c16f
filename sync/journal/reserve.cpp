// SPDX-License-Identifier: EUPL-1.2
// Disk space set aside beside the journal.
#include "sync/journal/reserve.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <system_error>

#include "drivers/base/handle.hpp"

namespace journal {
namespace {

using File = base::Handle<int, [](int file) { ::close(file); }>;

/// Really allocated blocks: a file with holes would reserve nothing.
bool allocate(const std::filesystem::path& path, std::uint64_t bytes) {
    const int opened = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (opened < 0) return false;
    const File file(opened);
    return ::posix_fallocate(file.get(), 0, static_cast<off_t>(bytes)) == 0 &&
           ::fsync(file.get()) == 0;
}

}  // namespace

Reserve::Reserve(std::filesystem::path path, std::uint64_t bytes)
    : path_(std::move(path)), bytes_(bytes), whole_(bytes == 0) {}

bool Reserve::set_aside() {
    if (whole_) return true;
    whole_ = allocate(path_, bytes_);
    if (!whole_) give_away();
    return whole_;
}

void Reserve::give_away() {
    if (bytes_ == 0) return;
    // A file that is gone already has given its space back; nothing else can be done here.
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
    whole_ = false;
}

}  // namespace journal
