// SPDX-License-Identifier: EUPL-1.2
// Dates and moments as text: "2026-11-24" and "2026-11-24T07:15:00.250Z" (RFC 3339, always UTC,
// always milliseconds, so each moment has one text). Pure, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sync/model/declaration.hpp"

namespace model {

/// CHECKs that the date is one of the calendar, year 0..9999.
[[nodiscard]] std::string to_text(const Date& date);
[[nodiscard]] std::optional<Date> parse_date(std::string_view text);
/// CHECKs that the moment lies before the year 10000.
[[nodiscard]] std::string to_rfc3339(std::uint64_t unix_ms);
/// Nothing before 1970 and for any other form than to_rfc3339 writes.
[[nodiscard]] std::optional<std::uint64_t> parse_rfc3339(std::string_view text);
/// The day in UTC. CHECKs like to_rfc3339.
[[nodiscard]] Date day_of(std::uint64_t unix_ms);
/// Largest moment that has a text: 9999-12-31T23:59:59.999Z.
inline constexpr std::uint64_t unix_ms_max = 253'402'300'799'999;

}  // namespace model
