// SPDX-License-Identifier: EUPL-1.2
// The auditor's view of one subject: every part that was ever declared under a tag, and what ended
// it. Needs no key: it shows ids, states and places in the log, never a name. Runs on the thread of
// the store.
#pragma once

#include <string>

#include "sync/backend/ingest/rule.hpp"
#include "sync/backend/store/store.hpp"

namespace backend {

/// {"subject":hex,"alive":n,"releases":[{"declaration","kind","part","state","entry","recipient",
///  "log_index",
///  "terminal","epoch","seq","ended_by":[declaration]}]}. At most inbox_items_max releases.
base::Result<std::string> subject_releases(Store& store, const Tag& tag_s);

}  // namespace backend
