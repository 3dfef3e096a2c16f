// SPDX-License-Identifier: EUPL-1.2
// Parts and acts as they stand in the database, found by what they name. Apart from apply.cpp,
// which judges them. Only inside a transaction of the caller that holds the locks of these tags.
#pragma once

#include <vector>

#include "sync/backend/ingest/event.hpp"
#include "sync/backend/store/store.hpp"

namespace backend {

/// One target of a record.
struct StoredAct {
    Hash leaf{};
    Tag declaration{};
    Act act;
};
/// True if both are the same act at two places of a terminal's chains.
[[nodiscard]] bool is_same_act(const StoredAct& a, const StoredAct& b);
/// One part of a record.
struct StoredPart {
    Hash leaf{};
    std::int64_t part_no = 0;
    Part part;
};

/// All acts that name one of these tags. errors: those of the store.
base::Result<std::vector<StoredAct>> acts_on(Store& store, const std::vector<Tag>& tags);
/// For each target of this kind, in order, the parts that it names.
base::Result<std::vector<std::vector<StoredPart>>> parts_named(Store& store, TargetKind kind,
                                                               const std::vector<Tag>& targets);

}  // namespace backend
