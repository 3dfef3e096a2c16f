// SPDX-License-Identifier: EUPL-1.2
#include "drivers/usb/place.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>

#include "drivers/base/limits_courier.hpp"

namespace usb {
namespace {

using base::Errc;

base::Result<Descriptor> open_below(int parent, const std::string& name, dev_t device) {
    const int fd = ::openat(parent, name.c_str(),
                            O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    // With both flags a link shows as either of the two.
    if (fd < 0 && (errno == ELOOP || errno == ENOTDIR))
        return base::fail(Errc::stick_bad, "stick folder is a link or a file",
                          static_cast<std::uint32_t>(errno));
    if (fd < 0) return io_failed("stick folder");
    Descriptor folder(fd);
    struct stat status {};
    if (::fstat(fd, &status) != 0) return io_failed("stick folder");
    if (status.st_dev != device)
        return base::fail(Errc::stick_bad, "stick folder on another file system");
    return folder;
}

}  // namespace

tl::unexpected<base::Error> io_failed(const char* where) {
    return base::fail(Errc::file_io, where, static_cast<std::uint32_t>(errno));
}

bool is_name(std::string_view name) {
    if (name.empty() || name.size() > limits::courier_name_bytes_max || name.front() == '.')
        return false;
    return std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    });
}

base::Result<std::vector<std::string>> segments_of(std::string_view path) {
    std::vector<std::string> segments;
    while (true) {
        const std::size_t slash = path.find('/');
        const std::string_view name = path.substr(0, slash);
        if (!is_name(name) || segments.size() == limits::courier_depth_max)
            return base::fail(Errc::stick_bad, "stick path");
        segments.emplace_back(name);
        if (slash == std::string_view::npos) return segments;
        path.remove_prefix(slash + 1);
    }
}

base::Result<Descriptor> open_folder(const Root& root, const std::vector<std::string>& segments,
                                     Missing missing) {
    Descriptor folder;
    int at = root.folder.get();
    for (const std::string& name : segments) {
        if (missing == Missing::make && ::mkdirat(at, name.c_str(), 0755) != 0 && errno != EEXIST)
            return io_failed("stick make folder");
        TRY(next, open_below(at, name, root.device));
        folder = std::move(next);
        at = folder.get();
    }
    return folder;
}

}  // namespace usb
