// SPDX-License-Identifier: EUPL-1.2
#include "sync/syncd/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>

#include "drivers/base/handle.hpp"

namespace syncd {
namespace {

using base::Errc;

/// fsync has the last word about the data, so close errors are not looked at.
void close_file(int fd) {
    (void)::close(fd);
}
using File = base::Handle<int, close_file>;

auto failed(const char* where) {
    return base::fail(Errc::file_io, where, static_cast<std::uint32_t>(errno));
}

base::Result<void> write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return failed("file write");
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

}  // namespace

base::Result<std::string> read_file(const std::string& path, std::size_t bytes_max) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) return failed("file open");
    const File file(fd);
    std::string bytes;
    std::array<char, 65'536> buffer{};
    while (true) {
        const auto got = ::read(fd, buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return failed("file read");
        if (got == 0) return bytes;
        bytes.append(buffer.data(), static_cast<std::size_t>(got));
        if (bytes.size() > bytes_max) return base::fail(Errc::message_too_large, "file read");
    }
}

base::Result<void> replace_file(const std::string& path, std::string_view bytes, unsigned mode) {
    const std::string tmp = path + ".tmp";
    const int fd = ::open(tmp.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
    if (fd < 0) return failed("file create");
    const File file(fd);
    // The umask may have taken bits away from what others are to read.
    if (::fchmod(fd, mode) != 0) return failed("file mode");
    TRY_VOID(write_all(fd, bytes));
    if (::fsync(fd) != 0) return failed("file sync");
    if (::rename(tmp.c_str(), path.c_str()) != 0) return failed("file rename");
    return {};
}

base::Result<void> sync_folder(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return failed("folder open");
    const File folder(fd);
    if (::fsync(fd) != 0) return failed("folder sync");
    return {};
}

}  // namespace syncd
