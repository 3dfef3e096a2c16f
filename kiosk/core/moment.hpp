// SPDX-License-Identifier: EUPL-1.2
// Time as the screens need it. Pure values, any thread.
#pragma once

#include <chrono>
#include <cstdint>

#include "kiosk/core/setup.hpp"

namespace core {

/// boot_ms orders, date and minutes are shown and recorded.
struct Moment {
    std::uint64_t boot_ms = 0;
    Date date{std::chrono::year{2026}, std::chrono::month{1}, std::chrono::day{1}};
    std::uint16_t minutes = 0;  ///< since midnight, local
    friend bool operator==(const Moment&, const Moment&) = default;
};

}  // namespace core
