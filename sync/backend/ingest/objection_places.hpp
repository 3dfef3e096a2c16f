// SPDX-License-Identifier: EUPL-1.2
// An objection that a machine out of a backup, and its copy, have both chained anew stands at
// several places. It is one objection: its first record is shown and kept, the others are places of
// it. It ends if its withdrawal lies behind it at any of them (I4, I8). Apart from stored.hpp
// because only objections have this: what ends a grant needs to see one place only. Only inside a
// transaction of the caller that holds the terminal's row.
#pragma once

#include <span>

#include "sync/backend/ingest/stored.hpp"

namespace backend {

/// Notes one more place of an objection that has its parts already. Twice is no error.
base::Result<void> add_objection_place(Store& store, const Event& event);

/// The rule's effect_of, for an objection at whichever of its places the act reaches it; one event,
/// so the lowest of their log indices counts. errors: those of the store. cost: one statement, if
/// the act takes objections back and the part is one.
base::Result<Effect> effect_at_all_places(Store& store, std::span<const Act> act, const Part& part,
                                          const Lineage& lineage);

}  // namespace backend
