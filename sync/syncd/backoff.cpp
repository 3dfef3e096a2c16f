// SPDX-License-Identifier: EUPL-1.2
#include "sync/syncd/backoff.hpp"

#include <algorithm>
#include <array>

#include "drivers/base/bytes.hpp"

namespace syncd {

std::uint64_t Backoff::next_ms(std::optional<std::uint64_t> retry_after_ms) {
    // 2^30 times any sensible minimum is beyond any sensible maximum; more shifts would overflow.
    constexpr unsigned doublings_max = 30;
    failures_ = std::min(failures_ + 1, doublings_max);
    const std::uint64_t top = bounds_.ms_min > (bounds_.ms_max >> failures_)
                                  ? bounds_.ms_max
                                  : bounds_.ms_min << failures_;
    std::array<std::uint8_t, 8> bytes{};
    random_.fill(bytes);
    // The bias of the modulo is below 2^-40 for ranges of minutes.
    const std::uint64_t wait = bounds_.ms_min + base::read_u64(bytes) % (top - bounds_.ms_min + 1);
    return std::max(wait, retry_after_ms.value_or(0));
}

}  // namespace syncd
