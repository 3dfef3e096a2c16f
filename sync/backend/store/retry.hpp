// SPDX-License-Identifier: EUPL-1.2
// Whole transactions that are begun anew when the database undid them for the sake of another one
// (serialisation failure or deadlock). Only whole ones: what was read in the lost one no longer
// holds. Runs on the thread of the store, which waits some milliseconds.
#pragma once

#include "drivers/base/limits_backend.hpp"
#include "sync/backend/store/store.hpp"

namespace backend {

/// Waits before attempt `number` (2, 3 ..): twice as long each time, and drawn between half and all
/// of it, so that two that met do not meet again.
void pause_before(unsigned number);

/// Runs `work`, which begins and commits one transaction of its own and keeps nothing of a failed
/// one, at most conflict_attempts_max times.
/// errors  those of work; busy, if it lost every time.
template <class Work>
[[nodiscard]] auto with_retries(Work&& work) -> decltype(work()) {
    for (unsigned attempt = 1;; ++attempt) {
        auto result = work();
        const bool again =
            !result && is_conflict(result.error()) && attempt < limits::conflict_attempts_max;
        if (!again) return result;
        pause_before(attempt + 1);
    }
}

}  // namespace backend
