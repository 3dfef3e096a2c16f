// SPDX-License-Identifier: EUPL-1.2
// The files that came down, on the terminal's disk. A file is found by its SHA-256 and by nothing
// else, so what two manifests share is there once, and a name from outside never becomes a path.
//   <folder>/targets/<hex>   whole, verified, durable
//   <folder>/partial/<hex>   on its way: goes on after a restart where it stopped
// A file moves from the second to the first only after its digest was checked and its bytes are
// durable. One thread writes; a path that was handed out may be read by others.
#pragma once

#include <cstdint>
#include <filesystem>
#include <set>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"
#include "drivers/crypto/digest.hpp"

namespace downstream {

/// What is wanted: a digest and how long the file is.
struct FileId {
    crypto::Sha256Digest digest{};
    std::uint64_t length = 0;
};

class Store {
  public:
    /// Opens or makes the folders (mode 0755: nothing in them is secret). errors: file_io.
    static base::Result<Store> open(std::filesystem::path folder);

    [[nodiscard]] bool has(const FileId& file) const;
    [[nodiscard]] std::filesystem::path path_of(const crypto::Sha256Digest& digest) const;
    /// Bytes of it that are there already; 0 if none.
    [[nodiscard]] std::uint64_t partial_bytes(const FileId& file) const;
    /// Adds a piece and makes it durable. returns true if the file is whole now.
    /// errors  sequence_gap (the piece does not begin where the file ends: ask partial_bytes),
    ///         manifest_bad (longer than it should be, or another digest: what was there is thrown
    ///         away), file_io (detail = errno; ENOSPC also if the disk would be left without
    ///         limits::downstream_free_bytes_min).
    base::Result<bool> append(const FileId& file, std::uint64_t offset, base::ByteView piece);
    /// Puts a whole file there. errors: as append.
    base::Result<void> adopt(const FileId& file, base::ByteView content);
    /// Reads a whole file and compares its digest again. A damaged one is removed, so that it is
    /// fetched anew. errors: manifest_bad, file_io.
    base::Result<base::Bytes> read(const FileId& file);
    /// Removes whatever is not named.
    void keep_only(const std::set<crypto::Sha256Digest>& digests);

  private:
    explicit Store(std::filesystem::path folder) : folder_(std::move(folder)) {}
    [[nodiscard]] std::filesystem::path partial_path(const FileId& file) const;
    base::Result<void> finish(const FileId& file);

    std::filesystem::path folder_;
};

}  // namespace downstream
