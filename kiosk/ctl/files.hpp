// SPDX-License-Identifier: EUPL-1.2
// Files and standard input for freigabectl: whole files with a bound, and secrets one per line,
// wiped behind us.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"

namespace ctl {

/// The whole file. errors: file_io (detail = errno; also for more than `bytes_max`).
base::Result<base::Bytes> read_file(std::string_view path, std::size_t bytes_max = 1U << 20U);
/// Replaces the file; `mode` as in open(2), 0600 for keys. errors: file_io.
base::Result<void> write_file(std::string_view path, base::ByteView content, unsigned mode = 0644);
/// Paths of the ordinary files in a folder, sorted. errors: file_io.
base::Result<std::vector<std::string>> list_folder(std::string_view path);
/// The next line of standard input without its end. The caller wipes it. Not buffered beyond the
/// line. errors: file_io at end of input or after 256 bytes without a line end.
base::Result<base::Bytes> read_line_from_stdin();

/// Prints `error: <name> (<number>) in <where>, detail 0x....` to standard error.
void print_error(const base::Error& error);

}  // namespace ctl
