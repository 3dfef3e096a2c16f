// SPDX-License-Identifier: EUPL-1.2
// Files that hold keys, see private_file.hpp.
#include "drivers/keys/private_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "drivers/base/handle.hpp"

namespace keys {

namespace {

using base::Errc;
using Descriptor = base::Handle<int, [](int fd) { ::close(fd); }>;

std::uint32_t last_errno() {
    return static_cast<std::uint32_t>(errno);
}

base::Result<void> write_all(int fd, base::ByteView content) {
    while (!content.empty()) {
        const ssize_t written = ::write(fd, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return base::fail(Errc::file_io, "file write", last_errno());
        content = content.subspan(static_cast<std::size_t>(written));
    }
    if (::fsync(fd) != 0) return base::fail(Errc::file_io, "file fsync", last_errno());
    return {};
}

/// Makes the name durable: an fsync of the file alone does not.
base::Result<void> sync_folder(const std::filesystem::path& folder) {
    const std::string name = folder.empty() ? "." : folder.string();
    const int fd = ::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return base::fail(Errc::file_io, "folder open", last_errno());
    const Descriptor owner(fd);
    if (::fsync(fd) != 0) return base::fail(Errc::file_io, "folder fsync", last_errno());
    return {};
}

enum class Existing : std::uint8_t { replace, refuse };

base::Result<void> write_temporary(const std::string& name, base::ByteView content, Access access) {
    // A leftover of a crashed run is ours to remove: the name carries our suffix.
    ::unlink(name.c_str());
    const mode_t mode = access == Access::owner_only ? 0600 : 0644;
    const int fd = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (fd < 0) return base::fail(Errc::file_io, "file create", last_errno());
    const Descriptor owner(fd);
    // The umask may have taken bits away from a public file; it never adds any to a private one.
    if (::fchmod(fd, mode) != 0) return base::fail(Errc::file_io, "file mode", last_errno());
    return write_all(fd, content);
}

base::Result<void> put(const std::filesystem::path& path, base::ByteView content, Access access,
                       Existing existing) {
    const std::string temporary = path.string() + ".new";
    if (auto written = write_temporary(temporary, content, access); !written) {
        ::unlink(temporary.c_str());
        return tl::unexpected(written.error());
    }
    // link() fails if the name exists, rename() replaces it; both are atomic.
    const int moved = existing == Existing::replace ? ::rename(temporary.c_str(), path.c_str())
                                                    : ::link(temporary.c_str(), path.c_str());
    const std::uint32_t reason = last_errno();
    if (existing == Existing::refuse || moved != 0) ::unlink(temporary.c_str());
    if (moved != 0) return base::fail(Errc::file_io, "file name", reason);
    return sync_folder(path.parent_path());
}

base::Result<std::size_t> checked_size(int fd, std::size_t bytes_max, Access access) {
    struct stat status {};
    if (::fstat(fd, &status) != 0) return base::fail(Errc::file_io, "file stat", last_errno());
    if (!S_ISREG(status.st_mode)) return base::fail(Errc::file_io, "file kind", EINVAL);
    if (access == Access::owner_only) {
        const auto open_bits = static_cast<std::uint32_t>(status.st_mode & 0077U);
        if (open_bits != 0 || status.st_uid != ::geteuid()) {
            return base::fail(Errc::key_bad, "key file mode",
                              static_cast<std::uint32_t>(status.st_mode & 0777U));
        }
    }
    const auto size = static_cast<std::uint64_t>(status.st_size);
    if (size > bytes_max) return base::fail(Errc::message_too_large, "file size");
    return static_cast<std::size_t>(size);
}

}  // namespace

base::Result<void> write_file(const std::filesystem::path& path, base::ByteView content,
                              Access access) {
    return put(path, content, access, Existing::replace);
}

base::Result<void> create_file(const std::filesystem::path& path, base::ByteView content,
                               Access access) {
    return put(path, content, access, Existing::refuse);
}

base::Result<base::Bytes> read_file(const std::filesystem::path& path, std::size_t bytes_max,
                                    Access access) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return base::fail(Errc::file_io, "file open", last_errno());
    const Descriptor owner(fd);
    TRY(size, checked_size(fd, bytes_max, access));
    base::Bytes content(size);
    std::size_t filled = 0;
    while (filled < size) {
        const ssize_t got = ::read(fd, content.data() + filled, size - filled);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return base::fail(Errc::file_io, "file read", last_errno());
        filled += static_cast<std::size_t>(got);
    }
    return content;
}

}  // namespace keys
