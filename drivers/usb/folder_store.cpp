// SPDX-License-Identifier: EUPL-1.2
#include "drivers/usb/folder_store.hpp"

#include <dirent.h>
#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "drivers/base/limits_courier.hpp"

namespace usb {
namespace {

using base::Errc;
using Directory = std::unique_ptr<DIR, base::Deleter<::closedir>>;

auto bad(const char* where) {
    return base::fail(Errc::stick_bad, where);
}

/// What may be read: a plain file of this file system, with one name, within its bound.
base::Result<std::size_t> plain_size(const struct stat& status, dev_t device,
                                     std::size_t bytes_max) {
    if (S_ISLNK(status.st_mode)) return bad("stick file is a link");
    if (!S_ISREG(status.st_mode)) return bad("stick file is no plain file");
    if (status.st_dev != device) return bad("stick file on another file system");
    // A second name may lie anywhere on the stick, and somebody may write through it while we read.
    if (status.st_nlink != 1) return bad("stick file has several names");
    if (status.st_size < 0 || static_cast<std::uint64_t>(status.st_size) > bytes_max)
        return bad("stick file is too large");
    return static_cast<std::size_t>(status.st_size);
}

/// Opens a file for reading. Looked at before, because opening a device or a pipe can do something
/// of its own, and after, because it may be another one by then.
base::Result<Descriptor> open_plain(int folder, const std::string& name, dev_t device,
                                    std::size_t bytes_max) {
    struct stat before {};
    if (::fstatat(folder, name.c_str(), &before, AT_SYMLINK_NOFOLLOW) != 0)
        return io_failed("stick file");
    TRY_VOID(plain_size(before, device, bytes_max));
    const int fd =
        ::openat(folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0 && errno == ELOOP) return bad("stick file is a link");
    if (fd < 0) return io_failed("stick file");
    Descriptor file(fd);
    struct stat after {};
    if (::fstat(fd, &after) != 0) return io_failed("stick file");
    TRY_VOID(plain_size(after, device, bytes_max));
    if (before.st_ino != after.st_ino) return bad("stick file was exchanged");
    // Read-back must come from the stick as far as the kernel lets us ask for that; that it really
    // does is what unmounting and mounting again is for.
    (void)::posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    return file;
}

base::Result<std::string> read_exactly(int fd, std::size_t size) {
    std::string bytes(size + 1, '\0');  // one more, to see it grow
    std::size_t used = 0;
    while (used < bytes.size()) {
        const auto got = ::read(fd, bytes.data() + used, bytes.size() - used);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return io_failed("stick read");
        if (got == 0) break;
        used += static_cast<std::size_t>(got);
    }
    if (used > size) return bad("stick file grew while it was read");
    if (used < size) return bad("stick file shrank while it was read");
    bytes.resize(size);
    return bytes;
}

base::Result<void> write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return io_failed("stick write");
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

}  // namespace

base::Result<FolderStore> FolderStore::open(const std::string& path, Mount mount) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) return base::fail(Errc::device_absent, "stick folder", ENOENT);
    if (fd < 0) return io_failed("stick folder");
    Root root{Descriptor(fd), 0};
    struct stat own {};
    struct stat above {};
    if (::fstat(fd, &own) != 0 || ::fstatat(fd, "..", &above, 0) != 0)
        return io_failed("stick folder");
    if (mount == Mount::stick && own.st_dev == above.st_dev)
        return base::fail(Errc::device_absent, "no stick is mounted");
    root.device = own.st_dev;
    return FolderStore(std::move(root));
}

base::Result<FolderStore::Place> FolderStore::place_of(std::string_view path, Missing missing) {
    TRY(segments, segments_of(path));
    if (segments.size() < 2) return bad("stick path");
    Place place;
    place.name = std::move(segments.back());
    segments.pop_back();
    TRY(folder, open_folder(root_, segments, missing));
    place.folder = std::move(folder);
    return place;
}

base::Result<FolderStore::Listing> FolderStore::list(std::string_view folder) {
    TRY(segments, segments_of(folder));
    TRY(opened, open_folder(root_, segments, Missing::refuse));
    const int fd = ::fcntl(opened.get(), F_DUPFD_CLOEXEC, 0);
    if (fd < 0) return io_failed("stick list");
    const Directory directory(::fdopendir(fd));
    if (directory == nullptr) {
        close_descriptor(fd);
        return io_failed("stick list");
    }
    Listing listing;
    while (true) {
        errno = 0;
        // NOLINTNEXTLINE(concurrency-mt-unsafe): glibc's is safe on a stream of one's own.
        const dirent* const entry = ::readdir(directory.get());
        if (entry == nullptr && errno != 0) return io_failed("stick list");
        if (entry == nullptr) break;
        const std::string_view name = entry->d_name;
        if (name == "." || name == "..") continue;
        if (listing.names.size() + listing.foreign == limits::courier_entries_max)
            return bad("stick folder has too many names");
        if (is_name(name)) {
            listing.names.emplace_back(name);
        } else {
            ++listing.foreign;
        }
    }
    std::ranges::sort(listing.names);
    return listing;
}

base::Result<std::string> FolderStore::read(std::string_view path, std::size_t bytes_max) {
    TRY(place, place_of(path, Missing::refuse));
    TRY(file, open_plain(place.folder.get(), place.name, root_.device, bytes_max));
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) return io_failed("stick file");
    TRY(size, plain_size(status, root_.device, bytes_max));
    return read_exactly(file.get(), size);
}

base::Result<void> FolderStore::write(std::string_view path, std::string_view bytes) {
    TRY(place, place_of(path, Missing::make));
    const int fd = ::openat(place.folder.get(), place.name.c_str(),
                            O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (fd < 0) return io_failed("stick create");
    const Descriptor file(fd);
    TRY_VOID(write_all(fd, bytes));
    if (::fsync(fd) != 0) return io_failed("stick fsync");
    return {};
}

base::Result<void> FolderStore::rename(std::string_view path, std::string_view name) {
    if (!is_name(name)) return bad("stick path");
    TRY(place, place_of(path, Missing::refuse));
    const int folder = place.folder.get();
    if (::renameat(folder, place.name.c_str(), folder, std::string(name).c_str()) != 0)
        return io_failed("stick rename");
    return {};
}

base::Result<void> FolderStore::remove(std::string_view path) {
    auto place = place_of(path, Missing::refuse);
    if (!place && place.error().detail == ENOENT) return {};
    if (!place) return tl::unexpected(place.error());
    if (::unlinkat(place->folder.get(), place->name.c_str(), 0) != 0 && errno != ENOENT)
        return io_failed("stick remove");
    return {};
}

base::Result<void> FolderStore::sync(std::string_view folder) {
    TRY(segments, segments_of(folder));
    while (!segments.empty()) {
        TRY(opened, open_folder(root_, segments, Missing::refuse));
        if (::fsync(opened.get()) != 0) return io_failed("stick folder fsync");
        segments.pop_back();
    }
    if (::fsync(root_.folder.get()) != 0) return io_failed("stick folder fsync");
    return {};
}

}  // namespace usb
