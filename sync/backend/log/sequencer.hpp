// SPDX-License-Identifier: EUPL-1.2
// Gives every committed record its place in the log: one index per leaf, in a transaction of its
// own after ingest, so that a slow log never delays or loses a record. What a crash left without an
// index gets it in the next round. Runs on the thread of the store that it is given. Norm: sync.md
// "Chain and backend" (the sequencer is never inside ingest), RFC 6962 2.1.
#pragma once

#include "sync/backend/ingest/rule.hpp"
#include "sync/backend/log/lease.hpp"
#include "sync/backend/store/store.hpp"
#include "sync/receipts/frontier.hpp"

namespace backend {

using receipts::Hash;
using receipts::MerkleFrontier;

struct LogHead {
    std::uint64_t size = 0;
    Hash root{};
};

/// Assigns indices to everything that has none, at most sequencer_entries_max in one call.
/// lease    held by the caller: the transaction is fenced with it, and beats. Null: no other
///          instance shares the database.
/// returns  the log afterwards. errors: busy, journal_io, journal_chain_broken (the stored frontier
/// is damaged), journal_locked (the lease is over).
base::Result<LogHead> sequence(Store& store, Lease* lease = nullptr);

/// The log as it stands, without changing it.
base::Result<LogHead> read_log_head(Store& store);

/// Makes the tree's inner nodes that a database of an earlier version lacks. errors: as sequence.
base::Result<void> complete_nodes(Store& store);

/// Where the records of a range stand in the log.
struct LoggedRecord {
    std::uint64_t seq = 0;
    Hash leaf{};
    base::Bytes header;
    std::uint64_t log_index = 0;
};
/// The chain's records `from`..`to` that have an index, ascending by seq. At most
/// batch_records_max.
base::Result<std::vector<LoggedRecord>> logged_range(Store& store, const Place& from,
                                                     std::uint64_t to);
/// The index of one leaf, wherever it is stored; nothing if it has none yet.
base::Result<std::optional<std::uint64_t>> log_index_of(Store& store, const Place& place,
                                                        const Hash& leaf);

}  // namespace backend
