// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/downstream/served_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "drivers/base/handle.hpp"
#include "sync/http/grammar.hpp"
#include "sync/model/downstream_names.hpp"

namespace backend {
namespace {

using ServedFile = base::Handle<int, [](int fd) { ::close(fd); }>;
using MaybePart = base::Result<std::optional<FilePart>>;

auto served_error(const char* where) {
    return base::fail(base::Errc::file_io, where, static_cast<std::uint32_t>(errno));
}

MaybePart read_served(const std::string& path, const ServedFolder::Part& part) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0 && errno == ENOENT) return std::optional<FilePart>();
    if (fd < 0) return served_error("served open");
    const ServedFile owner(fd);
    struct stat status {};
    if (::fstat(fd, &status) != 0) return served_error("served stat");
    if (!S_ISREG(status.st_mode)) return std::optional<FilePart>();
    FilePart out;
    out.length = static_cast<std::uint64_t>(status.st_size);
    const std::uint64_t left = out.length - std::min(out.length, part.from);
    out.bytes.resize(static_cast<std::size_t>(std::min<std::uint64_t>(left, part.bytes_max)));
    std::size_t filled = 0;
    while (filled < out.bytes.size()) {
        const ssize_t got = ::pread(fd, out.bytes.data() + filled, out.bytes.size() - filled,
                                    static_cast<off_t>(part.from + filled));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return served_error("served read");
        filled += static_cast<std::size_t>(got);
    }
    return std::optional(std::move(out));
}

}  // namespace

MaybePart ServedFolder::root(std::string_view version, const Part& part) const {
    const auto number = http::parse_decimal(version);
    if (!number || std::to_string(*number) != version) return std::optional<FilePart>();
    return read_served(folder_ + "/" + model::root_file_name(*number), part);
}

MaybePart ServedFolder::manifest(const Part& part) const {
    return read_served(folder_ + "/" + std::string(model::manifest_file_name), part);
}

MaybePart ServedFolder::target(std::string_view name, const Part& part) const {
    if (!model::is_target_file_name(name)) return std::optional<FilePart>();
    return read_served(
        folder_ + "/" + std::string(model::targets_folder_name) + "/" + std::string(name), part);
}

}  // namespace backend
