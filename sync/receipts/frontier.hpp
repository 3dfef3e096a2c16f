// SPDX-License-Identifier: EUPL-1.2
// The Merkle tree over all leaves of the log, kept as its frontier: one hash per full subtree, at
// most 64. Appending and the root cost O(log n) and no reading back, so a log can grow without its
// sequencer or auditor growing slower. Pure. Norm: RFC 6962 2.1.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sync/receipts/merkle.hpp"

namespace receipts {

class MerkleFrontier {
  public:
    MerkleFrontier() = default;
    /// Reads what encode() wrote. Nothing if the number of hashes does not fit the size.
    [[nodiscard]] static std::optional<MerkleFrontier> decode(std::uint64_t size,
                                                              base::ByteView hashes);
    [[nodiscard]] base::Bytes encode() const;

    void append(const Hash& leaf);
    [[nodiscard]] std::uint64_t size() const { return size_; }
    /// The root over all leaves; SHA-256 of nothing for an empty log.
    [[nodiscard]] Hash root() const;

  private:
    std::uint64_t size_ = 0;
    /// Roots of the full subtrees, largest first: one per bit that is set in size_.
    std::vector<Hash> subtrees_;
};

}  // namespace receipts
