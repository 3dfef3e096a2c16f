// SPDX-License-Identifier: EUPL-1.2
// Files that hold a key or decide what is trusted: written whole or not at all, readable by their
// owner only, read with a bound. Apart from the key store because the tools write certificates the
// same way. Any thread; blocks on disk.
#pragma once

#include <cstdint>
#include <filesystem>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"

namespace keys {

enum class Access : std::uint8_t {
    owner_only,  ///< mode 0600: private keys
    everyone,    ///< mode 0644: certificates, public keys
};

/// Writes the file by way of a temporary neighbour, fsync, rename and fsync of the folder: after a
/// power cut there is the old file or the new one. Replaces an existing file. errors  file_io
/// (detail = errno).
base::Result<void> write_file(const std::filesystem::path& path, base::ByteView content,
                              Access access);

/// The same, but fails if the file exists: a key must never be overwritten by accident.
/// errors  file_io (detail = errno, EEXIST if it is there).
base::Result<void> create_file(const std::filesystem::path& path, base::ByteView content,
                               Access access);

/// Reads a whole file of at most `bytes_max` bytes.
/// access  owner_only: refuses a file that group or others may touch, or that is not a plain file
/// of ours. errors  file_io (detail = errno), key_bad (mode too open; detail = mode),
/// message_too_large.
base::Result<base::Bytes> read_file(const std::filesystem::path& path, std::size_t bytes_max,
                                    Access access);

}  // namespace keys
