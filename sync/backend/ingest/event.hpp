// SPDX-License-Identifier: EUPL-1.2
// One record as the backend works with it: header and scopes read once into typed values, and its
// exact bytes kept. Apart from sync/model because only the backend turns scopes into parts and
// targets of the rule. Pure.
#pragma once

#include <vector>

#include "drivers/base/result.hpp"
#include "sync/backend/ingest/rule.hpp"
#include "sync/receipts/merkle.hpp"

namespace backend {

using receipts::Hash;

struct Event {
    Place place;
    Hash leaf{};
    Hash prev{};
    RecordKind kind = RecordKind::notice;
    std::uint64_t observed = 0;  ///< as claimed; see LogNames::provable
    std::uint64_t wall_ms = 0;   ///< shown, never ordered by
    std::uint64_t floor_ms = 0;  ///< the terminal's time floor then: signed backend time
    Tag declaration{};
    Tag tag_s{};
    Tag slip_hash{};
    std::vector<model::ScopePart> parts;  ///< of a grant, decision or objection; else empty
    std::vector<model::ScopeTarget>
        targets;  ///< of a protective act or an objection's withdrawal; else empty
    /// False: the scopes contradict themselves. The record is kept, since one bad record never
    /// blocks the others, but it has no effect and raises an alarm (I7).
    bool usable = true;
};

/// Checks that a record's header binds its scopes and its ciphertext. One whose content the
/// terminal has let go may lack its scopes, unless they protect.
/// errors  record_bad: lengths, version, or a hash in the header that does not fit.
base::Result<void> check_content(const model::Record& record);
/// Reads a record whose content is checked by check_content, before or behind this.
/// errors  record_bad: lengths or version of the header.
base::Result<Event> read_event(const model::Record& record);

}  // namespace backend
