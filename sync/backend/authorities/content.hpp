// SPDX-License-Identifier: EUPL-1.2
// Where the sealed bytes of a declaration are kept: in its chain, in quarantine, or as a copy that
// ran ahead. Runs on the thread of the store.
#pragma once

#include "sync/backend/ingest/rule.hpp"
#include "sync/backend/store/store.hpp"
#include "sync/receipts/merkle.hpp"

namespace backend {

/// One row (jwe, header, seq) of the record with this place and leaf; no row if it is gone.
/// errors  those of the store.
base::Result<Rows> content_of(Store& store, const Place& place, const receipts::Hash& leaf);

}  // namespace backend
