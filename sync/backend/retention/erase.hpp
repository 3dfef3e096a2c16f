// SPDX-License-Identifier: EUPL-1.2
// Takes the content of one record out of every table: what was sealed, its tags, what authorities
// were shown of it. Header, leaf, head and place in the log stay. Only inside a transaction.
#pragma once

#include "sync/backend/ingest/rule.hpp"
#include "sync/backend/store/store.hpp"
#include "sync/receipts/merkle.hpp"

namespace backend {

/// errors  those of the store. cost: some twenty statements by key.
base::Result<void> erase_content(Store& store, const Place& place, const receipts::Hash& leaf);

}  // namespace backend
