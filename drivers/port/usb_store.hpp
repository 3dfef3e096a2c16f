// SPDX-License-Identifier: EUPL-1.2
// A USB stick as the courier sees it: folders that it names itself, and files that somebody else
// may have prepared. One object is one visit: made when work begins, gone when it ends, so that the
// stick can be taken out. One thread; every call blocks on the stick.
//
//   path     1..courier_depth_max segments between slashes, each 1..courier_name_bytes_max of
//            a-z 0-9 . _ - and not beginning with a dot. Anything else: stick_bad.
//   errors   file_io (detail = errno: EIO pulled or broken, ENOSPC full, EROFS, ENOENT none),
//            stick_bad (`where` says why): a link, a device, a pipe, another file system, a file
//            beyond its bound or one that changes while it is read, too many names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/result.hpp"

namespace port {

class UsbStore {
  public:
    struct Listing {
        std::vector<std::string> names;  ///< those of the form above, sorted
        std::size_t foreign = 0;         ///< others: not ours, and never opened
    };
    virtual ~UsbStore() = default;

    /// What stands in a folder, at most courier_entries_max names. Says nothing of their kinds.
    virtual base::Result<Listing> list(std::string_view folder) = 0;
    /// A whole plain file of at most `bytes_max` bytes, read once.
    virtual base::Result<std::string> read(std::string_view path, std::size_t bytes_max) = 0;
    /// A new file with these bytes, on the stick (fsync) when this returns; folders on the way are
    /// made. errors: EEXIST, so nothing is ever written into what lies there.
    virtual base::Result<void> write(std::string_view path, std::string_view bytes) = 0;
    /// Gives a file another name in its folder, in one step, in place of what has that name.
    virtual base::Result<void> rename(std::string_view path, std::string_view name) = 0;
    /// Takes a file away, or a link as such. No error if there is none.
    virtual base::Result<void> remove(std::string_view path) = 0;
    /// Makes the names in a folder durable, and the folder itself in those above it.
    virtual base::Result<void> sync(std::string_view folder) = 0;
};

}  // namespace port
