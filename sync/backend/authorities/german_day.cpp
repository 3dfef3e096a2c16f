// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/authorities/german_day.hpp"

#include <chrono>

#include "drivers/base/check.hpp"

namespace backend {
namespace {

using namespace std::chrono;

/// Ahead of UTC at a moment.
hours ahead_at(sys_time<milliseconds> now) {
    const year of{year_month_day{floor<days>(now)}.year()};
    const auto change = [&](month in) { return sys_days{of / in / Sunday[last]} + 1h; };
    return now >= change(March) && now < change(October) ? 2h : 1h;
}

}  // namespace

std::string german_day(std::uint64_t unix_ms) {
    const sys_time<milliseconds> now{milliseconds{unix_ms}};
    return model::to_text(year_month_day{floor<days>(now + ahead_at(now))});
}

std::uint64_t german_day_start_ms(const model::Date& day) {
    // No change of summer time falls on midnight, so the offset an hour or two before is that of
    // midnight itself.
    const sys_time<milliseconds> midnight{sys_days{day}};
    const auto start = midnight - ahead_at(midnight - 1h);
    CHECK(start.time_since_epoch().count() >= 0);
    return static_cast<std::uint64_t>(start.time_since_epoch().count());
}

std::uint64_t german_day_end_ms(const model::Date& day) {
    return german_day_start_ms(model::Date{sys_days{day} + days{1}});
}

}  // namespace backend
