// SPDX-License-Identifier: EUPL-1.2
// Calendar dates as certificates and cards write them: whole dates, and dates of which only the
// year, or year and month, is known. No clock here: "today" comes from the caller's time floor.
// Pure, any thread. Norms: BSI TR-03110-3 D.2.1.3 (six digits, one per byte), TR-03110-4 2.2.3.1
// (Date), TR-03127 (blanks in birth dates).
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "drivers/base/bytes.hpp"

namespace eid {

using Date = std::chrono::year_month_day;

/// Six bytes YYMMDD with one digit in each, years 2000 to 2099. Nothing if it is no date.
[[nodiscard]] std::optional<Date> parse_certificate_date(base::ByteView bytes);
/// Eight characters YYYYMMDD. Nothing if it is no date.
[[nodiscard]] std::optional<Date> parse_date(base::ByteView characters);
/// YYYYMMDD.
[[nodiscard]] std::string compact_text(const Date& date);

/// A birth date as it stands on the card: day, or day and month, or all may be unknown (blanks).
struct PartialDate {
    std::optional<unsigned> year;
    std::optional<unsigned> month;
    std::optional<unsigned> day;

    /// "YYYY-MM-DD" with blanks kept where the card has blanks.
    [[nodiscard]] std::string text() const;
    /// The latest day it can mean; nothing without a year. An age that counts must be reached on
    /// this reading, too.
    [[nodiscard]] std::optional<Date> latest() const;
    friend bool operator==(const PartialDate&, const PartialDate&) = default;
};

/// Eight characters with blanks from the right in whole fields. Nothing for anything else.
[[nodiscard]] std::optional<PartialDate> parse_partial_date(base::ByteView characters);

}  // namespace eid
