// SPDX-License-Identifier: EUPL-1.2
// The folder of what comes down (sync/model/downstream_names.hpp) as the backend serves it: bytes
// that others signed. The backend verifies nothing and could forge nothing; a publisher replaces
// files while it runs. Reads the disk at each request; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "drivers/base/result.hpp"

namespace backend {

/// Part of a file, from byte `from` on.
struct FilePart {
    std::string bytes;
    std::uint64_t length = 0;  ///< of the whole file
};

class ServedFolder {
  public:
    explicit ServedFolder(std::string folder) : folder_(std::move(folder)) {}

    /// Each: nothing if there is no such file; names that are none (a version with a leading zero,
    /// anything but 64 lower-case hex digits) are not looked for, so no text of a request becomes a
    /// path. At most bytes_max bytes. errors: file_io (detail = errno).
    struct Part {
        std::uint64_t from = 0;
        std::size_t bytes_max = 0;
    };
    base::Result<std::optional<FilePart>> root(std::string_view version, const Part& part) const;
    base::Result<std::optional<FilePart>> manifest(const Part& part) const;
    base::Result<std::optional<FilePart>> target(std::string_view name, const Part& part) const;

  private:
    std::string folder_;
};

}  // namespace backend
