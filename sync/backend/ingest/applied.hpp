// SPDX-License-Identifier: EUPL-1.2
// What of the events of one call has been applied before: each may come by chain, ahead of it and
// as a fork, in any order, and has its effect once. Only inside a transaction of the caller that
// holds the lock of the terminal. Norm: sync.md I4.
#pragma once

#include <set>
#include <span>
#include <utility>

#include "sync/backend/ingest/event.hpp"
#include "sync/backend/store/store.hpp"

namespace backend {

struct Applied {
    std::set<Hash> leaves;
    /// What the terminals of these declarations have applied of them: as acts, as parts.
    std::set<std::pair<base::Uuid, Tag>> acted;
    std::set<std::pair<base::Uuid, Tag>> given;
};

/// At most batch_records_max events. errors: those of the store.
base::Result<Applied> find_applied(Store& store, std::span<const Event* const> events);

}  // namespace backend
