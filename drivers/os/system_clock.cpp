// SPDX-License-Identifier: EUPL-1.2
#include "drivers/os/system_clock.hpp"

#include <ctime>

#include "drivers/base/check.hpp"

namespace os {
namespace {

std::uint64_t read_ms(clockid_t id) {
    timespec now{};
    CHECK(clock_gettime(id, &now) == 0);
    return static_cast<std::uint64_t>(now.tv_sec) * 1000 +
           static_cast<std::uint64_t>(now.tv_nsec) / 1'000'000;
}

}  // namespace

std::uint64_t SystemClock::wall_ms() const {
    return read_ms(CLOCK_REALTIME);
}
std::uint64_t SystemClock::boot_ms() const {
    return read_ms(CLOCK_BOOTTIME);
}

}  // namespace os
