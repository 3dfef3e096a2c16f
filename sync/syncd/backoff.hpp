// SPDX-License-Identifier: EUPL-1.2
// When to try again after a failed round: full jitter, so that a fleet that lost its backend
// together does not come back together. Pure but for the random port. Norm: sync.md "Courier and
// downstream".
#pragma once

#include <cstdint>
#include <optional>

#include "drivers/port/random.hpp"

namespace syncd {

class Backoff {
  public:
    struct Bounds {
        std::uint64_t ms_min;  ///< at least 1
        std::uint64_t ms_max;  ///< at least ms_min
    };
    /// random outlives the object.
    Backoff(Bounds bounds, port::Random& random) : bounds_(bounds), random_(random) {}

    /// The wait after one more failure: uniform between ms_min and min(ms_max, ms_min *
    /// 2^failures), but never shorter than what the backend asked for.
    [[nodiscard]] std::uint64_t next_ms(std::optional<std::uint64_t> retry_after_ms);
    /// After a round that worked.
    void reset() { failures_ = 0; }
    [[nodiscard]] unsigned failures() const { return failures_; }

  private:
    Bounds bounds_;
    port::Random& random_;
    unsigned failures_ = 0;
};

}  // namespace syncd
