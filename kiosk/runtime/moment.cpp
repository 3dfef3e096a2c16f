// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/runtime/moment.hpp"

#include <chrono>
#include <ctime>

#include "drivers/base/check.hpp"

namespace runtime {

core::Moment moment_of(std::uint64_t wall_ms, std::uint64_t boot_ms) {
    const auto seconds = static_cast<std::time_t>(wall_ms / 1000);
    std::tm local{};
    CHECK(localtime_r(&seconds, &local) != nullptr);
    core::Moment moment;
    moment.boot_ms = boot_ms;
    moment.date = core::Date{std::chrono::year{local.tm_year + 1900},
                             std::chrono::month{static_cast<unsigned>(local.tm_mon) + 1},
                             std::chrono::day{static_cast<unsigned>(local.tm_mday)}};
    moment.minutes = static_cast<std::uint16_t>(local.tm_hour * 60 + local.tm_min);
    return moment;
}

core::Moment moment_now(const port::Clock& clock) {
    return moment_of(clock.wall_ms(), clock.boot_ms());
}

core::Date day_utc(std::uint64_t unix_ms) {
    return core::Date{std::chrono::floor<std::chrono::days>(
        std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(unix_ms)))};
}

}  // namespace runtime
