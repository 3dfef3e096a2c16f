// SPDX-License-Identifier: EUPL-1.2
// Time as the product sees it. The wall clock is shown and recorded, never used to order anything;
// deadlines use the monotonic clock; certificates are checked against the time floor, which sync
// keeps.
#pragma once

#include <cstdint>

namespace port {

class Clock {
  public:
    virtual ~Clock() = default;
    /// Unix time in milliseconds as the device believes it. May jump.
    [[nodiscard]] virtual std::uint64_t wall_ms() const = 0;
    /// Milliseconds since boot, counting suspend. Never goes back.
    [[nodiscard]] virtual std::uint64_t boot_ms() const = 0;
};

}  // namespace port
