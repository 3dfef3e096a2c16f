// SPDX-License-Identifier: EUPL-1.2
// Who may declare at which age: the day before, on and after each birthday that counts. LR-30,
// LR-31, LR-34, LR-35.
#include "kiosk/consent/capacity.hpp"

#include <doctest/doctest.h>

using consent::AgeRules;
using consent::Capacity;
using consent::Date;
using consent::GuardianRule;

namespace {

Date day(std::string_view text) {
    return consent::parse_date(text).value_or(Date{});
}

Capacity on(GuardianRule rule, std::string_view today, const AgeRules& rules = {}) {
    consent::Entry entry;
    entry.guardian_rule = rule;
    return consent::capacity(entry, day("2011-11-24"), day(today), rules);
}

}  // namespace

TEST_CASE("capacity: at the fifteenth birthday the young person decides alone (LR-30)") {
    const auto rule = GuardianRule::guardians_below_capacity;
    CHECK(on(rule, "2026-11-23") == Capacity::guardians);
    CHECK(on(rule, "2026-11-24") == Capacity::alone);
    CHECK(on(rule, "2026-11-25") == Capacity::alone);
}

TEST_CASE("capacity: an insight check ends with majority (LR-31)") {
    const auto rule = GuardianRule::insight_check;
    CHECK(on(rule, "2026-11-23") == Capacity::guardians);
    CHECK(on(rule, "2026-11-24") == Capacity::insight_check);
    CHECK(on(rule, "2029-11-23") == Capacity::insight_check);
    CHECK(on(rule, "2029-11-24") == Capacity::alone);
    CHECK(on(rule, "2029-11-25") == Capacity::alone);
}

TEST_CASE("capacity: an objection belongs to the person alone and is not offered before") {
    const auto rule = GuardianRule::alone_from_capacity;
    CHECK(on(rule, "2026-11-23") == Capacity::not_offered);
    CHECK(on(rule, "2026-11-24") == Capacity::alone);
    CHECK(on(rule, "2026-11-25") == Capacity::alone);
}

TEST_CASE("capacity: a notice is for everybody, also without a known age") {
    consent::Entry entry;
    entry.guardian_rule = GuardianRule::everybody;
    CHECK(consent::capacity(entry, std::nullopt, day("2026-11-24"), {}) == Capacity::alone);
    CHECK(on(GuardianRule::everybody, "2012-01-01") == Capacity::alone);
    entry.guardian_rule = GuardianRule::guardians_below_capacity;
    CHECK(consent::capacity(entry, std::nullopt, day("2026-11-24"), {}) == Capacity::age_unknown);
}

TEST_CASE("capacity: the ages are configuration") {
    AgeRules rules;
    rules.capacity_age = 14;
    CHECK(on(GuardianRule::guardians_below_capacity, "2025-11-23", rules) == Capacity::guardians);
    CHECK(on(GuardianRule::guardians_below_capacity, "2025-11-24", rules) == Capacity::alone);
    rules.majority = 21;
    CHECK(on(GuardianRule::insight_check, "2032-11-23", rules) == Capacity::insight_check);
    CHECK(on(GuardianRule::insight_check, "2032-11-24", rules) == Capacity::alone);
}

TEST_CASE("capacity: a birth date without a day counts as the last day of its month") {
    consent::Entry entry;
    const auto birth = consent::latest_birth_date("2011-11-  ");
    CHECK(consent::capacity(entry, birth, day("2026-11-29"), {}) == Capacity::guardians);
    CHECK(consent::capacity(entry, birth, day("2026-11-30"), {}) == Capacity::alone);
}

TEST_CASE("capacity: what guardians gave is put before the young person at fifteen (LR-34)") {
    const Date birth = day("2011-11-24");
    const Date given = day("2026-01-10");
    CHECK_FALSE(consent::needs_own_confirmation(given, birth, day("2026-11-23"), {}));
    CHECK(consent::needs_own_confirmation(given, birth, day("2026-11-24"), {}));
    CHECK_FALSE(consent::needs_own_confirmation(day("2026-11-24"), birth, day("2026-11-25"), {}));
}
