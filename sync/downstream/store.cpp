// SPDX-License-Identifier: EUPL-1.2
#include "sync/downstream/store.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "drivers/base/handle.hpp"
#include "drivers/base/limits_downstream.hpp"
#include "drivers/base/log.hpp"
#include "sync/model/downstream_names.hpp"

namespace downstream {
namespace {

using base::Errc;
namespace fs = std::filesystem;
using StoreFile = base::Handle<int, [](int fd) { ::close(fd); }>;

auto io_error(const char* where, int error = errno) {
    return base::fail(Errc::file_io, where, static_cast<std::uint32_t>(error));
}

base::Result<void> sync_path(const fs::path& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return io_error("downstream sync");
    const StoreFile owner(fd);
    if (::fsync(fd) != 0) return io_error("downstream sync");
    return {};
}

/// Size of an ordinary file; nothing if there is none.
std::optional<std::uint64_t> size_of(const fs::path& path) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
    return static_cast<std::uint64_t>(status.st_size);
}

base::Result<void> append_bytes(const fs::path& path, base::ByteView bytes) {
    const int fd =
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (fd < 0) return io_error("downstream open");
    const StoreFile owner(fd);
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return io_error("downstream write");
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    // Each piece by itself, so that the last one does not wait for all of them.
    if (::fdatasync(fd) != 0) return io_error("downstream fdatasync");
    return {};
}

base::Result<base::Bytes> read_whole(const fs::path& path, std::uint64_t length) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) return io_error("downstream open");
    const StoreFile owner(fd);
    base::Bytes out(static_cast<std::size_t>(length));
    std::size_t filled = 0;
    while (filled < out.size()) {
        const ssize_t got = ::read(fd, out.data() + filled, out.size() - filled);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return io_error("downstream read", got == 0 ? ENODATA : errno);
        filled += static_cast<std::size_t>(got);
    }
    return out;
}

void forget(const fs::path& path) {
    std::error_code ignored;  // what cannot be removed now is looked at again at the next start
    fs::remove(path, ignored);
}

}  // namespace

base::Result<Store> Store::open(fs::path folder) {
    std::error_code error;
    fs::create_directories(folder / "targets", error);
    if (!error) fs::create_directories(folder / "partial", error);
    if (error) return io_error("downstream folder", error.value());
    TRY_VOID(sync_path(folder));
    return Store(std::move(folder));
}

fs::path Store::path_of(const crypto::Sha256Digest& digest) const {
    return folder_ / "targets" / model::target_file_name(digest);
}

fs::path Store::partial_path(const FileId& file) const {
    return folder_ / "partial" / model::target_file_name(file.digest);
}

bool Store::has(const FileId& file) const {
    return size_of(path_of(file.digest)) == file.length;
}

std::uint64_t Store::partial_bytes(const FileId& file) const {
    return size_of(partial_path(file)).value_or(0);
}

base::Result<bool> Store::append(const FileId& file, std::uint64_t offset, base::ByteView piece) {
    if (has(file)) return true;
    const std::uint64_t there = partial_bytes(file);
    if (offset != there) return base::fail(Errc::sequence_gap, "downstream piece");
    if (piece.size() > file.length || there > file.length - piece.size()) {
        forget(partial_path(file));
        return base::fail(Errc::manifest_bad, "downstream file too long");
    }
    std::error_code error;
    const auto space = fs::space(folder_, error);
    if (!error && space.available < file.length - there + limits::downstream_free_bytes_min) {
        return io_error("downstream space", ENOSPC);
    }
    TRY_VOID(append_bytes(partial_path(file), piece));
    if (there + piece.size() < file.length) return false;
    TRY_VOID(finish(file));
    return true;
}

base::Result<void> Store::finish(const FileId& file) {
    const fs::path partial = partial_path(file);
    TRY(content, read_whole(partial, file.length));
    if (crypto::sha256(content) != file.digest) {
        forget(partial);
        return base::fail(Errc::manifest_bad, "downstream file digest");
    }
    TRY_VOID(sync_path(partial));
    if (::rename(partial.c_str(), path_of(file.digest).c_str()) != 0) {
        return io_error("downstream rename");
    }
    return sync_path(folder_ / "targets");
}

base::Result<void> Store::adopt(const FileId& file, base::ByteView content) {
    forget(partial_path(file));
    TRY(whole, append(file, 0, content));
    if (whole) return {};
    forget(partial_path(file));
    return base::fail(Errc::manifest_bad, "downstream file too short");
}

base::Result<base::Bytes> Store::read(const FileId& file) {
    auto content = read_whole(path_of(file.digest), file.length);
    if (content && crypto::sha256(*content) == file.digest) return content;
    forget(path_of(file.digest));
    if (!content) return content;
    return base::fail(Errc::manifest_bad, "downstream file damaged");
}

void Store::keep_only(const std::set<crypto::Sha256Digest>& digests) {
    std::set<std::string> names;
    for (const auto& digest : digests) names.insert(model::target_file_name(digest));
    for (const char* part : {"targets", "partial"}) {
        std::error_code error;
        std::vector<fs::path> others;
        for (fs::directory_iterator it(folder_ / part, error), end; !error && it != end;
             it.increment(error)) {
            if (!names.contains(it->path().filename().string())) others.push_back(it->path());
        }
        for (const fs::path& path : others) forget(path);
    }
}

}  // namespace downstream
