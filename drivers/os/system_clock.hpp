// SPDX-License-Identifier: EUPL-1.2
// The clocks of the machine behind port::Clock. Any thread.
#pragma once

#include "drivers/port/clock.hpp"

namespace os {

class SystemClock final : public port::Clock {
  public:
    [[nodiscard]] std::uint64_t wall_ms() const override;  ///< CLOCK_REALTIME
    [[nodiscard]] std::uint64_t boot_ms() const override;  ///< CLOCK_BOOTTIME: counts suspend
};

}  // namespace os
