// SPDX-License-Identifier: EUPL-1.2
// Whole files, read with a bound and replaced so that a power cut leaves the old or the new one,
// never half. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "drivers/base/result.hpp"

namespace syncd {

/// errors  file_io (detail = errno; ENOENT = no such file), message_too_large.
base::Result<std::string> read_file(const std::string& path, std::size_t bytes_max);
/// Writes `path`.tmp, fsyncs it and renames it. The caller fsyncs the folder. errors: file_io.
base::Result<void> replace_file(const std::string& path, std::string_view bytes,
                                unsigned mode = 0600);
/// Makes renames and removals in a folder durable. errors: file_io.
base::Result<void> sync_folder(const std::string& path);

}  // namespace syncd
