// SPDX-License-Identifier: EUPL-1.2
// Counters of this process and gauges of the database as OpenMetrics text. Numbers only, and none
// per authority or person. Counted on the server's thread. Norm: OpenMetrics 1.0.0.
#pragma once

#include <cstdint>
#include <string>

#include "sync/backend/store/store.hpp"

namespace backend {

struct Counters {
    std::uint64_t requests = 0;
    std::uint64_t refusals = 0;  ///< answers of 400 and above
    std::uint64_t records = 0;   ///< newly stored
    std::uint64_t repeats = 0;   ///< batches that brought nothing new
    std::uint64_t gaps = 0;
    std::uint64_t forks = 0;
    std::uint64_t unusable = 0;  ///< records whose scopes contradict themselves
    std::uint64_t receipts = 0;
};

/// errors  those of the store.
base::Result<std::string> metrics_text(Store& store, const Counters& counters);

}  // namespace backend
