// SPDX-License-Identifier: EUPL-1.2
// Which terminals wait for records that have not come. A single gap is ordinary: sticks travel in
// any order, and after a restore every terminal is ahead once. One that stays means that records
// are missing which their terminal does not send. Runs on the thread of the store.
#pragma once

#include "sync/backend/ingest/event.hpp"
#include "sync/backend/store/store.hpp"

namespace backend {

/// Notes a batch that was refused with a gap. from: its first record. The terminal counts as
/// waiting since its first such batch, until that record, or a later one named here, stands on its
/// chain. errors: those of the store. cost: one statement.
base::Result<void> note_gap(Store& store, const Place& from, std::uint64_t now_ms);

struct OpenGaps {
    std::uint64_t terminals = 0;  ///< that wait; without those out of service
    std::uint64_t since_ms = 0;   ///< wall clock of the longest wait; zero = nobody waits
};
/// errors  those of the store. cost: one statement over the terminals that ever had a gap.
base::Result<OpenGaps> open_gaps(Store& store);

}  // namespace backend
