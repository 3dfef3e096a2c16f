// SPDX-License-Identifier: EUPL-1.2
// Step 6 of the ingest transaction: one event's parts and targets meet everything already there.
// Locks the scopes first, in sorted order, so that a grant and a withdrawal that arrive at the same
// moment on two connections see each other (measured: without the lock PostgreSQL left the grant
// alive). Only inside a transaction of the caller. Norm: sync.md "Chain and backend",
// architecture.md 4.
#pragma once

#include "sync/backend/ingest/event.hpp"
#include "sync/backend/store/store.hpp"

namespace backend {

/// Whether the event is on its chain; a quarantined one is on none, and only its protective acts
/// count.
enum class Standing : std::uint8_t { on_chain, quarantined };

/// Applies events in their order. One that was applied before, by whatever lane it came, has no
/// second effect; on_chain then puts it onto its chain. errors: busy, journal_full, journal_io.
base::Result<void> apply(Store& store, std::span<const Event* const> events, Standing standing);

/// The epochs of one terminal. At most epochs_max.
base::Result<Lineage> read_lineage(Store& store, const base::Uuid& terminal);

/// Takes an advance copy off the chain, after the chain turned out to hold another record at its
/// place.
base::Result<void> disown(Store& store, const Hash& leaf);

}  // namespace backend
