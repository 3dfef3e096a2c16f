// SPDX-License-Identifier: EUPL-1.2
// Walking to a place on the stick without ever leaving it: one segment after the other below an
// open folder, no links, no other file system. Any thread.
#pragma once

#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/handle.hpp"
#include "drivers/base/result.hpp"

namespace usb {

/// fsync has the last word about the data, so close errors are not looked at.
inline void close_descriptor(int fd) {
    (void)::close(fd);
}
using Descriptor = base::Handle<int, close_descriptor>;

/// file_io with the present errno.
[[nodiscard]] tl::unexpected<base::Error> io_failed(const char* where);

/// True for 1..courier_name_bytes_max characters of a-z 0-9 . _ - that do not begin with a dot.
[[nodiscard]] bool is_name(std::string_view name);
/// The segments of a path of port/usb_store.hpp. errors: stick_bad.
base::Result<std::vector<std::string>> segments_of(std::string_view path);

enum class Missing : std::uint8_t { refuse, make };

/// The root of a stick and its file system.
struct Root {
    Descriptor folder;
    dev_t device = 0;
};

/// Opens the folder that these segments lead to.
/// errors  file_io (ENOENT with Missing::refuse), stick_bad (a link, no folder, another file
/// system).
base::Result<Descriptor> open_folder(const Root& root, const std::vector<std::string>& segments,
                                     Missing missing);

}  // namespace usb
