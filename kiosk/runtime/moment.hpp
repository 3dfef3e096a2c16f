// SPDX-License-Identifier: EUPL-1.2
// Clocks -> what screens show: local date and minutes. Pure but for the time zone of the device.
// Any thread.
#pragma once

#include <cstdint>

#include "drivers/port/clock.hpp"
#include "kiosk/core/event.hpp"

namespace runtime {

/// Local date and minutes of a Unix time; boot_ms is handed through.
[[nodiscard]] core::Moment moment_of(std::uint64_t wall_ms, std::uint64_t boot_ms);
[[nodiscard]] core::Moment moment_now(const port::Clock& clock);
/// The day in UTC, by which certificates are judged.
[[nodiscard]] core::Date day_utc(std::uint64_t unix_ms);

}  // namespace runtime
