// SPDX-License-Identifier: EUPL-1.2
// A block list on the disk: mapped to be read, replaced by rename. Apart from the format, which
// knows no file.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>

#include "drivers/base/check.hpp"
#include "drivers/base/handle.hpp"
#include "drivers/eid/block_list.hpp"

namespace eid {
namespace {

using File = base::Handle<int, [](int fd) { ::close(fd); }>;

constexpr std::size_t file_bytes_max = block_list_head_bytes +
                                       block_list_entries_max * block_list_entry_bytes +
                                       block_list_digest_bytes;

auto io_failed(const char* where) {
    return base::fail(base::Errc::file_io, where, static_cast<std::uint32_t>(errno));
}

base::Result<void> write_all(int fd, base::ByteView bytes) {
    while (!bytes.empty()) {
        const ssize_t put = ::write(fd, bytes.data(), bytes.size());
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return io_failed("write block list");
        bytes = bytes.subspan(static_cast<std::size_t>(put));
    }
    if (::fsync(fd) != 0) return io_failed("sync block list");
    return {};
}

}  // namespace

base::Result<BlockList> BlockList::open(const std::filesystem::path& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return io_failed("open block list");
    const File file(fd);
    struct stat info {};
    if (::fstat(file.get(), &info) != 0) return io_failed("open block list");
    // A folder, a pipe or a device is none; an empty file cannot be mapped.
    if (!S_ISREG(info.st_mode) || info.st_size <= 0) {
        return base::fail(base::Errc::config_bad, "no block list");
    }
    const auto bytes = static_cast<std::size_t>(info.st_size);
    if (bytes > file_bytes_max) return base::fail(base::Errc::config_bad, "block list too long");
    void* mapped = ::mmap(nullptr, bytes, PROT_READ, MAP_PRIVATE, file.get(), 0);
    if (mapped == MAP_FAILED) return io_failed("map block list");
    const base::ByteView content(static_cast<const std::uint8_t*>(mapped), bytes);
    const auto view = BlockListView::parse(content);
    if (!view) {
        ::munmap(mapped, bytes);
        return tl::unexpected(view.error());
    }
    return BlockList(content, *view);
}

BlockList::~BlockList() {
    if (mapped_.empty()) return;
    CHECK(::munmap(const_cast<std::uint8_t*>(mapped_.data()), mapped_.size()) == 0);
}

base::Result<void> write_block_list(const std::filesystem::path& path, base::ByteView file) {
    const std::string beside = path.string() + ".new";
    {
        const int fd =
            ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
        if (fd < 0) return io_failed("write block list");
        const File out(fd);
        if (auto written = write_all(out.get(), file); !written) {
            ::unlink(beside.c_str());
            return written;
        }
    }
    if (std::rename(beside.c_str(), path.c_str()) != 0) {
        const auto failed = io_failed("write block list");
        ::unlink(beside.c_str());
        return failed;
    }
    return {};
}

}  // namespace eid
