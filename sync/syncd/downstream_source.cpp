// SPDX-License-Identifier: EUPL-1.2
#include "sync/syncd/downstream_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "drivers/base/handle.hpp"
#include "drivers/base/limits_downstream.hpp"
#include "sync/model/downstream_names.hpp"

namespace syncd {
namespace {

using base::Errc;
using DownstreamFile = base::Handle<int, [](int fd) { ::close(fd); }>;
using MaybeBytes = base::Result<std::optional<std::string>>;

auto downstream_error(const char* where, int error) {
    return base::fail(Errc::file_io, where, static_cast<std::uint32_t>(error));
}

/// At most bytes_max bytes of an ordinary file from there; nothing if it does not exist.
MaybeBytes read_part(const std::string& path, std::uint64_t from, std::size_t bytes_max) {
    // O_NONBLOCK: opening a pipe must not wait for a writer.
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0 && errno == ENOENT) return std::optional<std::string>();
    if (fd < 0) return downstream_error("downstream open", errno);
    const DownstreamFile owner(fd);
    struct stat status {};
    if (::fstat(fd, &status) != 0) return downstream_error("downstream stat", errno);
    if (!S_ISREG(status.st_mode)) return downstream_error("downstream kind", EINVAL);
    std::string out(bytes_max, '\0');
    std::size_t filled = 0;
    while (filled < out.size()) {
        const ssize_t got = ::pread(fd, out.data() + filled, out.size() - filled,
                                    static_cast<off_t>(from + filled));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return downstream_error("downstream read", errno);
        if (got == 0) break;
        filled += static_cast<std::size_t>(got);
    }
    out.resize(filled);
    return std::optional(std::move(out));
}

MaybeBytes read_bounded(const std::string& path, std::size_t bytes_max) {
    auto file = read_part(path, 0, bytes_max + 1);
    if (file && *file && (*file)->size() > bytes_max) {
        return base::fail(Errc::message_too_large, "downstream file");
    }
    return file;
}

}  // namespace

MaybeBytes BackendDownstream::root(std::uint64_t version) {
    return backend_.fetch_downstream({"root/" + std::to_string(version), 0, 0});
}

MaybeBytes BackendDownstream::manifest() {
    return backend_.fetch_downstream({"manifest", 0, 0});
}

MaybeBytes BackendDownstream::piece(const outbox::FileDigest& digest, std::uint64_t from) {
    return backend_.fetch_downstream(
        {"targets/" + model::target_file_name(digest), from, limits::downstream_piece_bytes_max});
}

MaybeBytes FolderDownstream::root(std::uint64_t version) {
    return read_bounded(folder_ + "/" + model::root_file_name(version),
                        limits::root_file_bytes_max);
}

MaybeBytes FolderDownstream::manifest() {
    return read_bounded(folder_ + "/" + std::string(model::manifest_file_name),
                        limits::manifest_file_bytes_max);
}

MaybeBytes FolderDownstream::piece(const outbox::FileDigest& digest, std::uint64_t from) {
    const std::string path = folder_ + "/" + std::string(model::targets_folder_name) + "/" +
                             model::target_file_name(digest);
    return read_part(path, from, limits::downstream_piece_bytes_max);
}

}  // namespace syncd
