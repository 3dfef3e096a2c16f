// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/store/retry.hpp"

#include <chrono>
#include <thread>

namespace backend {

void pause_before(unsigned number) {
    using namespace std::chrono;
    const unsigned whole_ms = limits::conflict_pause_ms_min << (number - 2);
    const std::uint64_t half_us = std::uint64_t{whole_ms} * 500;
    // The last digits of the clock are as good as dice: nothing depends on them but who is first.
    const auto ticks =
        static_cast<std::uint64_t>(steady_clock::now().time_since_epoch().count() / 7);
    std::this_thread::sleep_for(microseconds(half_us + ticks % (half_us + 1)));
}

}  // namespace backend
