// SPDX-License-Identifier: EUPL-1.2
// The inner nodes of the log's tree, one for each 256 below it, kept so that a proof or a tile
// costs a few rows whatever the log has grown to. They follow from the entries and can be made
// again at any time. Runs on the thread of the store that it is given. Norm: C2SP tlog-tiles.
#pragma once

#include "sync/backend/store/store.hpp"
#include "sync/receipts/merkle.hpp"

namespace backend {

/// Makes what is missing up to `size` entries, inside the caller's transaction.
/// errors  busy, journal_io, journal_chain_broken (an entry is not where it must be).
base::Result<void> extend_nodes(Store& store, std::uint64_t size);

/// Leaves and nodes as they stand in the database.
class StoredNodes final : public receipts::NodeSource {
  public:
    explicit StoredNodes(Store& store) : store_(store) {}
    base::Result<std::vector<receipts::Hash>> nodes(unsigned level, std::uint64_t first,
                                                    std::uint64_t count) override;

  private:
    Store& store_;
};

/// Headers of `count` entries from `first` on: what the leaves are the hashes of.
/// errors  message_bad (not so many entries), busy, journal_io.
base::Result<std::vector<base::Bytes>> entry_headers(Store& store, std::uint64_t first,
                                                     std::uint64_t count);

}  // namespace backend
