// SPDX-License-Identifier: EUPL-1.2
// Records that contradict what is stored at their place: kept, counted, and their protective acts
// applied, since the citizen who withdrew or objected at a cloned terminal did so (I6). Its grants,
// and what would end an objection, count for nothing. Only inside a transaction of the caller.
#pragma once

#include <span>
#include <string_view>

#include "sync/backend/ingest/event.hpp"
#include "sync/backend/store/store.hpp"

namespace backend {

/// One record on its way into quarantine.
struct Contradiction {
    const Event* event = nullptr;
    const model::Record* record = nullptr;
};

/// Keeps those that are not there yet and applies the protective acts among them. `head` is the JWS
/// that came with them.
base::Result<void> quarantine(Store& store, std::span<const Contradiction> records,
                              std::string_view head);

}  // namespace backend
