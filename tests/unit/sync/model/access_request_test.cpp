// SPDX-License-Identifier: EUPL-1.2
// The term of a request for access, also where months differ in length.
#include "sync/model/access_request.hpp"

#include "sync/model/times.hpp"

#include <doctest/doctest.h>

TEST_CASE("request for access: its last day is a month later, or that month's last") {
    struct Row {
        const char* asked;
        const char* last;
    };
    for (const Row& row : {Row{"2026-11-18", "2026-12-18"}, Row{"2026-12-31", "2027-01-31"},
                           Row{"2027-01-28", "2027-02-28"}, Row{"2027-01-31", "2027-02-28"},
                           Row{"2028-01-30", "2028-02-29"}, Row{"2027-03-31", "2027-04-30"}}) {
        CAPTURE(row.asked);
        CHECK(model::to_text(model::answer_day(*model::parse_date(row.asked))) == row.last);
    }
}

TEST_CASE("request for access: overdue is what lies before a day, and nothing else, all year") {
    for (std::chrono::sys_days today = *model::parse_date("2027-01-01");
         today <= std::chrono::sys_days(*model::parse_date("2028-12-31"));
         today += std::chrono::days(1)) {
        const auto newest = std::chrono::sys_days(model::overdue_since(today));
        CAPTURE(model::to_text(newest));
        CHECK(model::answer_day(newest) < model::Date(today));
        CHECK(model::answer_day(newest + std::chrono::days(1)) >= model::Date(today));
    }
}
