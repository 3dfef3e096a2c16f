// SPDX-License-Identifier: EUPL-1.2
// The list of cards that were reported lost, as a compact sorted file that is mapped and never
// copied: by revocation-sector identifier (restricted identification with key 1), for the sector of
// one terminal. Pure but for the mapping; a list may be read from any thread.
// Norms: BSI TR-03110-2 3.5 (restricted identification), TR-03130 (block lists per terminal).
//
// File, numbers big-endian:
//    0   8  "FRGBLOCK"
//    8   2  version, 1
//   10   2  bytes of an entry, 16
//   12   4  day of creation as the issuer dates it, YYYYMMDD as a number
//   16   8  number of entries n
//   24  32  SHA-256 of the revocation sector's public key, exact bytes of its 7F49
//   56  16n the entries: first 16 bytes of each identifier, each larger than the one before
//  end  32  SHA-256 of everything before
//
// Why 16 bytes of 32 are enough: an identifier is a SHA-256 value, so its prefix is evenly spread
// over 2^128. A card that is not listed is refused by chance with n / 2^128; with n < 2^22 that is
// below 2^-106 a lookup. 60 million cards that are each read a thousand times (2^36) see one such
// refusal with a chance below 2^-70. A listed card is always found. Half of the identifier halves
// the file: 1 million entries are 16 MB, where 40 MB are allowed.
//
// The digest finds damage, not fraud: who may issue a list is the business of the signed manifest
// that names digest().
#pragma once

#include <filesystem>
#include <utility>
#include <vector>

#include "drivers/crypto/digest.hpp"
#include "drivers/eid/date.hpp"
#include "drivers/eid/restricted_id.hpp"

namespace eid {

inline constexpr std::size_t block_list_head_bytes = 8 + 2 + 2 + 4 + 8 + 32;
inline constexpr std::size_t block_list_entry_bytes = 16;
inline constexpr std::size_t block_list_digest_bytes = 32;
/// Four times the million that a terminal is designed for; 64 MB.
inline constexpr std::size_t block_list_entries_max = 4'000'000;
static_assert(block_list_entries_max < 1U << 22U);  // the arithmetic above
static_assert(block_list_head_bytes + 1'000'000 * block_list_entry_bytes + block_list_digest_bytes <
              40'000'000);

/// SHA-256 over the exact bytes of a sector key, 7F49.
using SectorHash = crypto::Sha256Digest;

/// A verified list over bytes that somebody else keeps.
class BlockListView {
  public:
    /// Checks head, length, order and digest.
    /// errors  config_bad: no block list, another version, a day that is none, more than
    ///         block_list_entries_max entries, another length than it says, entries that do not
    ///         rise, wrong digest.
    /// cost    one pass: about 5 ns a byte for the digest.
    static base::Result<BlockListView> parse(base::ByteView file);

    /// Whether the card with this identifier is on the list. cost: 20 comparisons for a million.
    [[nodiscard]] bool contains(const BlockListId& id) const;
    [[nodiscard]] std::size_t size() const { return entries_.size() / block_list_entry_bytes; }
    [[nodiscard]] const Date& created() const { return created_; }
    /// Whole days since the list was made; negative if it claims to come from the future.
    [[nodiscard]] int days_old(const Date& today) const;
    /// The sector the list was made for: with another sector's identifiers nothing would ever hit.
    [[nodiscard]] const SectorHash& sector_hash() const { return sector_hash_; }
    [[nodiscard]] const crypto::Sha256Digest& digest() const { return digest_; }

  private:
    BlockListView() = default;
    base::ByteView entries_;
    Date created_{};
    SectorHash sector_hash_{};
    crypto::Sha256Digest digest_{};
};

/// A list in a file: mapped read-only, verified, and unmapped at the end.
class BlockList {
  public:
    /// Whoever renews the file puts a new one in its place by rename, as write_block_list does: a
    /// mapped file that is cut short under us ends the process.
    /// errors  file_io (detail = errno), config_bad as BlockListView::parse.
    static base::Result<BlockList> open(const std::filesystem::path& path);
    BlockList(const BlockList&) = delete;
    BlockList& operator=(const BlockList&) = delete;
    BlockList(BlockList&& other) noexcept
        : mapped_(std::exchange(other.mapped_, {})), view_(other.view_) {}
    BlockList& operator=(BlockList&&) = delete;
    ~BlockList();

    /// Valid as long as this object.
    [[nodiscard]] const BlockListView& view() const { return view_; }

  private:
    BlockList(base::ByteView mapped, const BlockListView& view) : mapped_(mapped), view_(view) {}
    base::ByteView mapped_;
    BlockListView view_;
};

struct BlockListContent {
    Date created;
    SectorHash sector_hash{};
    std::vector<BlockListId> ids;  ///< in any order, also doubled
};
/// The file of this content. errors: config_bad (a day that is none or not of four digits, too many
/// entries).
base::Result<base::Bytes> encode_block_list(BlockListContent content);
/// Writes the file beside `path`, syncs it and renames it there: a reader sees the old list or the
/// new one. errors: file_io (detail = errno).
base::Result<void> write_block_list(const std::filesystem::path& path, base::ByteView file);

}  // namespace eid
