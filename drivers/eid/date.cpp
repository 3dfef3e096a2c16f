// SPDX-License-Identifier: EUPL-1.2
#include "drivers/eid/date.hpp"

#include <algorithm>
#include <cstdio>

#include "drivers/base/check.hpp"

namespace eid {
namespace {

constexpr std::size_t certificate_date_bytes = 6;
constexpr std::size_t date_characters = 8;
constexpr unsigned century = 2000;

std::optional<unsigned> number(base::ByteView characters) {
    unsigned value = 0;
    for (const std::uint8_t character : characters) {
        if (character < '0' || character > '9') return std::nullopt;
        value = value * 10 + (character - unsigned{'0'});
    }
    return value;
}

bool all_blank(base::ByteView characters) {
    return std::ranges::all_of(characters, [](std::uint8_t c) { return c == ' '; });
}

std::optional<Date> make_date(unsigned year, unsigned month, unsigned day) {
    const Date date{std::chrono::year(static_cast<int>(year)), std::chrono::month(month),
                    std::chrono::day(day)};
    if (!date.ok()) return std::nullopt;
    return date;
}

std::string digits(std::optional<unsigned> value, int width) {
    if (!value) return std::string(static_cast<std::size_t>(width), ' ');
    char buffer[16];
    const int size = std::snprintf(buffer, sizeof buffer, "%0*u", width, *value);
    CHECK(size > 0 && static_cast<std::size_t>(size) < sizeof buffer);
    return buffer;
}

}  // namespace

std::optional<Date> parse_certificate_date(base::ByteView bytes) {
    if (bytes.size() != certificate_date_bytes) return std::nullopt;
    if (std::ranges::any_of(bytes, [](std::uint8_t digit) { return digit > 9; })) {
        return std::nullopt;
    }
    return make_date(century + bytes[0] * 10U + bytes[1], bytes[2] * 10U + bytes[3],
                     bytes[4] * 10U + bytes[5]);
}

std::optional<Date> parse_date(base::ByteView characters) {
    const auto partial = parse_partial_date(characters);
    if (!partial || !partial->day) return std::nullopt;
    return make_date(*partial->year, *partial->month, *partial->day);
}

std::string compact_text(const Date& date) {
    return digits(static_cast<unsigned>(static_cast<int>(date.year())), 4) +
           digits(static_cast<unsigned>(date.month()), 2) +
           digits(static_cast<unsigned>(date.day()), 2);
}

std::string PartialDate::text() const {
    return digits(year, 4) + '-' + digits(month, 2) + '-' + digits(day, 2);
}

std::optional<Date> PartialDate::latest() const {
    if (!year) return std::nullopt;
    const auto in_year = std::chrono::year(static_cast<int>(*year));
    if (day) return Date{in_year, std::chrono::month(*month), std::chrono::day(*day)};
    const auto in_month = std::chrono::month(month.value_or(12));
    return Date{std::chrono::year_month_day_last{in_year, std::chrono::month_day_last{in_month}}};
}

std::optional<PartialDate> parse_partial_date(base::ByteView characters) {
    if (characters.size() != date_characters) return std::nullopt;
    const base::ByteView year = characters.first(4);
    const base::ByteView month = characters.subspan(4, 2);
    const base::ByteView day = characters.subspan(6, 2);
    PartialDate date;
    if (all_blank(characters)) return date;
    date.year = number(year);
    if (!date.year) return std::nullopt;
    if (all_blank(month) && all_blank(day)) return date;
    date.month = number(month);
    if (!date.month || *date.month < 1 || *date.month > 12) return std::nullopt;
    if (all_blank(day)) return date;
    date.day = number(day);
    if (!date.day || !make_date(*date.year, *date.month, *date.day)) return std::nullopt;
    return date;
}

}  // namespace eid
