// SPDX-License-Identifier: EUPL-1.2
// Days as the law counts them, see calendar.hpp.
#include "kiosk/consent/calendar.hpp"

#include <charconv>
#include <cstdio>

#include "drivers/base/check.hpp"

namespace consent {

namespace {

using std::chrono::sys_days;

std::optional<int> digits(std::string_view text) {
    int value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

Date end_of_month(std::chrono::year_month month) {
    return Date{month / std::chrono::last};
}

bool has_date_shape(std::string_view text) {
    return text.size() == 10 && text[4] == '-' && text[7] == '-';
}

}  // namespace

std::optional<Date> parse_date(std::string_view text) {
    if (!has_date_shape(text)) return std::nullopt;
    const auto year = digits(text.substr(0, 4));
    const auto month = digits(text.substr(5, 2));
    const auto day = digits(text.substr(8, 2));
    if (!year || !month || !day) return std::nullopt;
    const Date date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                    std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok() || *year == 0) return std::nullopt;
    return date;
}

std::string to_text(Date date) {
    char text[16] = {};
    const int size =
        std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    CHECK(size == 10);
    return text;
}

Date add_months(Date from, unsigned months) {
    CHECK(from.ok());
    const auto month =
        std::chrono::year_month{from.year(), from.month()} + std::chrono::months(months);
    const Date same_day = month / from.day();
    return same_day.ok() ? same_day : end_of_month(month);
}

Date add_days(Date from, unsigned days) {
    CHECK(from.ok());
    return Date{sys_days{from} + std::chrono::days(days)};
}

Date birthday(Date birth, unsigned years) {
    CHECK(birth.ok());
    const Date same_day = birth + std::chrono::years(years);
    if (same_day.ok()) return same_day;
    return Date{same_day.year(), std::chrono::March, std::chrono::day{1}};
}

unsigned age_on(Date birth, Date today) {
    CHECK(birth.ok());
    CHECK(today.ok());
    if (today < birth) return 0;
    const auto years =
        static_cast<unsigned>(static_cast<int>(today.year()) - static_cast<int>(birth.year()));
    if (years == 0) return 0;
    return today < birthday(birth, years) ? years - 1 : years;
}

std::optional<Date> latest_birth_date(std::string_view card_text) {
    if (!has_date_shape(card_text)) return std::nullopt;
    if (const auto whole = parse_date(card_text)) return whole;
    const auto year = digits(card_text.substr(0, 4));
    if (!year || *year == 0) return std::nullopt;
    const std::chrono::year known_year{*year};
    if (card_text.substr(8, 2) != "  ") return std::nullopt;
    if (card_text.substr(5, 2) == "  ") return end_of_month(known_year / std::chrono::December);
    const auto month = digits(card_text.substr(5, 2));
    if (!month || *month < 1 || *month > 12) return std::nullopt;
    return end_of_month(known_year / std::chrono::month{static_cast<unsigned>(*month)});
}

}  // namespace consent
