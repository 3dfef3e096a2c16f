// SPDX-License-Identifier: EUPL-1.2
// Days as the law counts them: ends of periods, completed years of life, birth dates of which only
// parts are known. No clock: "today" always comes from outside. Pure functions, any thread. Norms:
// §§ 187, 188 BGB, § 36 SGB I.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace consent {

using Date = std::chrono::year_month_day;

/// Reads "2026-11-24". Nothing if it is no day of the calendar.
[[nodiscard]] std::optional<Date> parse_date(std::string_view text);
[[nodiscard]] std::string to_text(Date date);

/// The same day `months` later, or the last day of that month if it has no such day (§ 188 (2), (3)
/// BGB).
[[nodiscard]] Date add_months(Date from, unsigned months);
[[nodiscard]] Date add_days(Date from, unsigned days);

/// The day on which somebody born on `birth` has completed `years`: the birthday itself counts (§
/// 187 (2) BGB). Born on 29 February: 1 March in a year without that day.
[[nodiscard]] Date birthday(Date birth, unsigned years);
/// Completed years of life on `today`; 0 if born today or later.
[[nodiscard]] unsigned age_on(Date birth, Date today);

/// A birth date as cards carry it: "1984-07-01", or with blanks for unknown parts ("1984-07-  ",
/// "1984-  -  "). returns  the latest day that fits, so that nobody is taken for older than they
/// are (TR-03110-4 on age verification);
///          nothing if the year is unknown or the text is malformed.
[[nodiscard]] std::optional<Date> latest_birth_date(std::string_view card_text);

}  // namespace consent
