// SPDX-License-Identifier: EUPL-1.2
// Days as the law counts them: boundary rows from §§ 187, 188 BGB and from cards with unknown
// parts.
#include "kiosk/consent/calendar.hpp"

#include <doctest/doctest.h>

using consent::Date;
using namespace std::chrono_literals;

namespace {

Date day(std::string_view text) {
    const auto date = consent::parse_date(text);
    REQUIRE(date.has_value());
    return *date;
}

}  // namespace

TEST_CASE("calendar: only days of the calendar are read") {
    for (const char* good : {"2026-11-24", "2024-02-29", "0001-01-01", "9999-12-31"}) {
        CAPTURE(good);
        REQUIRE(consent::parse_date(good).has_value());
        CHECK(consent::to_text(*consent::parse_date(good)) == good);
    }
    for (const char* bad : {"", "2026-11-2", "2026-11-240", "2026-13-01", "2026-00-01",
                            "2026-01-00", "2026-01-32", "2026-02-29", "1900-02-29", "0000-01-01",
                            "2026/11/24", "+026-11-24", "2026-1 -24", "2026-11-2a"}) {
        CAPTURE(bad);
        CHECK_FALSE(consent::parse_date(bad).has_value());
    }
}

TEST_CASE("calendar: months later is the same day, or the last of a shorter month") {
    struct Row {
        const char* from;
        unsigned months;
        const char* to;
    };
    for (const Row& row :
         {Row{"2026-05-12", 6, "2026-11-12"}, Row{"2026-05-12", 0, "2026-05-12"},
          Row{"2026-01-31", 1, "2026-02-28"}, Row{"2024-01-31", 1, "2024-02-29"},
          Row{"2024-02-29", 12, "2025-02-28"}, Row{"2024-02-29", 48, "2028-02-29"},
          Row{"2026-08-31", 6, "2027-02-28"}, Row{"2026-12-31", 2, "2027-02-28"},
          Row{"2026-11-30", 3, "2027-02-28"}, Row{"2026-03-31", 1, "2026-04-30"}}) {
        CAPTURE(row.from);
        CHECK(consent::to_text(consent::add_months(day(row.from), row.months)) == row.to);
    }
    CHECK(consent::to_text(consent::add_days(day("2024-02-28"), 1)) == "2024-02-29");
    CHECK(consent::to_text(consent::add_days(day("2026-12-31"), 1)) == "2027-01-01");
    CHECK(consent::to_text(consent::add_days(day("2026-11-24"), 56)) == "2027-01-19");
}

TEST_CASE("calendar: the birthday itself completes the year") {
    struct Row {
        const char* birth;
        const char* today;
        unsigned age;
    };
    for (const Row& row :
         {Row{"2011-11-24", "2026-11-23", 14}, Row{"2011-11-24", "2026-11-24", 15},
          Row{"2011-11-24", "2026-11-25", 15}, Row{"2011-11-24", "2011-11-24", 0},
          Row{"2011-11-24", "2012-11-23", 0}, Row{"2011-11-24", "2012-11-24", 1},
          Row{"2026-11-25", "2026-11-24", 0}, Row{"1926-11-24", "2026-11-24", 100}}) {
        CAPTURE(row.today);
        CHECK(consent::age_on(day(row.birth), day(row.today)) == row.age);
    }
}

TEST_CASE("calendar: born on 29 February, the year is complete on 1 March, or on 29 February") {
    const Date birth = day("2008-02-29");
    CHECK(consent::age_on(birth, day("2023-02-28")) == 14);
    CHECK(consent::age_on(birth, day("2023-03-01")) == 15);
    CHECK(consent::age_on(birth, day("2024-02-28")) == 15);
    CHECK(consent::age_on(birth, day("2024-02-29")) == 16);
    CHECK(consent::to_text(consent::birthday(birth, 15)) == "2023-03-01");
    CHECK(consent::to_text(consent::birthday(birth, 16)) == "2024-02-29");
}

TEST_CASE("calendar: an unknown part of a birth date counts as the latest day") {
    struct Row {
        const char* card;
        const char* latest;
    };
    for (const Row& row : {Row{"1984-07-01", "1984-07-01"}, Row{"1984-07-  ", "1984-07-31"},
                           Row{"1984-02-  ", "1984-02-29"}, Row{"1985-02-  ", "1985-02-28"},
                           Row{"1984-  -  ", "1984-12-31"}}) {
        CAPTURE(row.card);
        const auto date = consent::latest_birth_date(row.card);
        REQUIRE(date.has_value());
        CHECK(consent::to_text(*date) == row.latest);
    }
    for (const char* bad : {"", "    -  -  ", "1984-  -01", "1984-13-  ", "1984-00-  ",
                            "1984-02-30", "1984-07- 1", "0000-  -  ", "1984-07"}) {
        CAPTURE(bad);
        CHECK_FALSE(consent::latest_birth_date(bad).has_value());
    }
}
