// SPDX-License-Identifier: EUPL-1.2
// What the database holds about one declaration: its records and those that it ended or that ended
// it, each with the signed head above it and its place in the log. Apart from export.hpp, which
// signs and writes. Only inside a transaction of the caller, so that all of it is of one moment.
#pragma once

#include <vector>

#include "sync/backend/evidence/bundle.hpp"
#include "sync/backend/ingest/event.hpp"
#include "sync/backend/store/store.hpp"

namespace backend {

struct CollectedRecord {
    Place place;
    Hash leaf{};
    model::Record record;
    bool on_chain = true;
    bool quarantined = false;
    std::uint64_t observed = 0;
    std::string head;   ///< JWS of this or a later record
    base::Bytes links;  ///< headers behind this one, up to the one under the head
    std::uint64_t log_index = 0;
};
struct Collected {
    std::vector<CollectedRecord> records;  ///< the declaration's own first; sorted by leaf
    EvidenceEffects effects;
};

/// errors  config_bad (no release, objection or withdrawal has this id, or a content was lost),
/// busy (its place in the log is still to come), message_too_large (more than evidence_records_max
/// records), journal_*.
base::Result<Collected> collect_evidence(Store& store, const base::Uuid& declaration);

}  // namespace backend
