// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/service/attempts.hpp"

namespace backend {

std::uint64_t Attempts::wait_ms(const base::Uuid& terminal, std::uint64_t now_ms) const {
    const auto found = counts_.find(terminal);
    if (found == counts_.end() || found->second.failures < failures_max) return 0;
    return found->second.until_ms > now_ms ? found->second.until_ms - now_ms : 0;
}

void Attempts::failed(const base::Uuid& terminal, std::uint64_t now_ms) {
    if (counts_.size() >= terminals_max && !counts_.contains(terminal)) counts_.clear();
    Count& count = counts_[terminal];
    if (count.until_ms <= now_ms) count = {0, now_ms + window_ms};
    ++count.failures;
}

}  // namespace backend
