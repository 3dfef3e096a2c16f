// SPDX-License-Identifier: EUPL-1.2
// Deletion at the backend, by class (domain.md 1.7). A mark says since when a period runs, by the
// backend's own clock: K6 (evidence) from the end of what was declared, for acts that end something
// from their arrival; K7 (objections) from their arrival. When it has run out, the content and all
// that was derived from it go; header, leaf and place in the log stay, so every proof holds as
// before. Rows with a period of their own: expire.hpp; which table is in which class: classes.hpp.
// K8 (declined) has nothing to delete, since nothing is stored; K9 (counters) names nobody.
// Runs on the thread of the store, a bounded transaction at a time. Norm: Art. 7(1), 17(3)(e) GDPR,
// § 45 SGB I, § 31a(3) SGB I.
#pragma once

#include <cstdint>

#include "drivers/base/limits_retention.hpp"
#include "drivers/base/result.hpp"
#include "sync/backend/retention/expire.hpp"
#include "sync/backend/store/store.hpp"

namespace backend {

struct RetentionRules {
    std::uint32_t evidence_days = limits::evidence_days_default;
    std::uint32_t objection_days = limits::objection_days_max;  ///< at most that
};

struct Purged {
    std::uint64_t marked = 0;      ///< periods that began
    std::uint64_t evidence = 0;    ///< records of K6 whose content went
    std::uint64_t objections = 0;  ///< of K7
    Expired expired;               ///< rows with a period of their own
    bool more = false;             ///< call again: a bound was reached
};

/// One bounded step: begins periods and deletes what has run out. Repeating it changes nothing.
/// errors  config_bad (rules), those of the store.
base::Result<Purged> purge(Store& store, const RetentionRules& rules, std::uint64_t now_ms);

}  // namespace backend
