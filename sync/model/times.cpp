// SPDX-License-Identifier: EUPL-1.2
// Dates and moments as text.
#include "sync/model/times.hpp"

#include <array>
#include <cstdio>

#include "drivers/base/check.hpp"

namespace model {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr std::uint64_t day_ms = 86'400'000;

/// Reads exactly `text.size()` digits.
std::optional<unsigned> digits(std::string_view text) {
    unsigned value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + static_cast<unsigned>(c - '0');
    }
    return value;
}

}  // namespace

std::string to_text(const Date& date) {
    const int year = static_cast<int>(date.year());
    CHECK(date.ok());
    CHECK(year >= 0 && year <= 9999);
    std::array<char, 40> out{};
    const int size =
        std::snprintf(out.data(), out.size(), "%04d-%02u-%02u", year,
                      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    CHECK(size == 10);
    return out.data();
}

std::optional<Date> parse_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto year = digits(text.substr(0, 4));
    const auto month = digits(text.substr(5, 2));
    const auto day = digits(text.substr(8, 2));
    if (!year || !month || !day) return std::nullopt;
    const Date date{std::chrono::year(static_cast<int>(*year)), std::chrono::month(*month),
                    std::chrono::day(*day)};
    if (!date.ok()) return std::nullopt;
    return date;
}

Date day_of(std::uint64_t unix_ms) {
    CHECK(unix_ms <= unix_ms_max);
    return Date(sys_days(days(static_cast<int>(unix_ms / day_ms))));
}

std::string to_rfc3339(std::uint64_t unix_ms) {
    CHECK(unix_ms <= unix_ms_max);
    const auto in_day = static_cast<unsigned>(unix_ms % day_ms);
    std::array<char, 40> out{};
    const int size =
        std::snprintf(out.data(), out.size(), "T%02u:%02u:%02u.%03uZ", in_day / 3'600'000,
                      in_day / 60'000 % 60, in_day / 1'000 % 60, in_day % 1'000);
    CHECK(size == 14);
    return to_text(day_of(unix_ms)) + out.data();
}

std::optional<std::uint64_t> parse_rfc3339(std::string_view text) {
    if (text.size() != 24 || text[10] != 'T' || text[13] != ':' || text[16] != ':' ||
        text[19] != '.' || text[23] != 'Z') {
        return std::nullopt;
    }
    const auto date = parse_date(text.substr(0, 10));
    const auto hour = digits(text.substr(11, 2));
    const auto minute = digits(text.substr(14, 2));
    const auto second = digits(text.substr(17, 2));
    const auto ms = digits(text.substr(20, 3));
    if (!date || !hour || !minute || !second || !ms) return std::nullopt;
    // No leap seconds: Unix time has none, and a second text for one moment is not wanted.
    if (*hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
    const auto day = sys_days(*date).time_since_epoch().count();
    if (day < 0) return std::nullopt;
    return static_cast<std::uint64_t>(day) * day_ms + *hour * 3'600'000ULL + *minute * 60'000ULL +
           *second * 1'000ULL + *ms;
}

}  // namespace model
