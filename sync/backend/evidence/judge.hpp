// SPDX-License-Identifier: EUPL-1.2
// The rule (ingest/rule.hpp), worked out anew from the records of an evidence bundle, against what
// the backend says about them: an effect that it claims must follow from the records, and one that
// follows must be claimed. Pure, any thread.
#pragma once

#include <vector>

#include "sync/backend/evidence/bundle.hpp"

namespace backend {

struct EvidenceRecord;

/// claimed.records belong to `records`, one each. errors: record_bad (detail = the part's record).
base::Result<void> judge_evidence(const std::vector<EvidenceRecord>& records,
                                  const EvidenceEffects& claimed);

}  // namespace backend
