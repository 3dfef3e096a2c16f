// SPDX-License-Identifier: EUPL-1.2
// What a person picked and until when it holds. LR-02, LR-06, LR-20.
#include "kiosk/consent/selection.hpp"

#include <doctest/doctest.h>

#include "tests/unit/kiosk/consent/sample.hpp"

using consent::Choice;
using consent::Date;

namespace {

constexpr const char* agency = "musterstadt-agentur";
constexpr const char* jobcenter = "musterstadt-jobcenter";
constexpr const char* youth = "musterstadt-jugendamt";

Date day(std::string_view text) {
    return consent::parse_date(text).value_or(Date{});
}

struct Fixture {
    consent::Catalogue catalogue = load_json(catalogue_json());
    Date today = day("2026-05-12");
    std::optional<Date> birth = day("2009-03-03");

    base::Result<model::Selection> pick(std::string_view entry, const Choice& choice) {
        const consent::Entry* found = catalogue.entry(entry);
        REQUIRE(found != nullptr);
        return consent::select(catalogue, *found, choice, today, birth);
    }
};

std::vector<std::string> texts(const std::vector<model::AuthorityId>& ids) {
    std::vector<std::string> out;
    for (const auto& id : ids) out.push_back(id.get());
    return out;
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "selection: chosen recipients, default duration, end on the same day") {
    const auto made = pick("JBA-03", {{agency}, ""});
    REQUIRE(made.has_value());
    CHECK(texts(made->sources) == std::vector<std::string>{youth});
    CHECK(texts(made->recipients) == std::vector<std::string>{agency});
    CHECK(made->categories == std::vector<std::string>{"C07", "C08"});
    CHECK(consent::to_text(made->from) == "2026-05-12");
    CHECK(consent::to_text(*made->to) == "2026-11-12");
}

TEST_CASE_FIXTURE(Fixture, "selection: the order of choosing does not change the record") {
    const auto first = pick("JBA-03", {{agency, jobcenter}, "m3"});
    const auto second = pick("JBA-03", {{jobcenter, agency}, "m3"});
    REQUIRE(first.has_value());
    REQUIRE(second.has_value());
    CHECK(*first == *second);
    CHECK(consent::to_text(*first->to) == "2026-08-12");
}

TEST_CASE_FIXTURE(Fixture, "selection: both ways makes every party source and recipient") {
    const auto made = pick("JBA-01", {{youth}, "m6"});
    REQUIRE(made.has_value());
    const std::vector<std::string> both{jobcenter, youth};
    CHECK(texts(made->sources) == both);
    CHECK(texts(made->recipients) == both);
}

TEST_CASE_FIXTURE(Fixture, "selection: what was not offered is refused") {
    const auto refused = [&](std::string_view entry, const Choice& choice) {
        const auto made = pick(entry, choice);
        return !made && made.error().code == base::Errc::declaration_bad;
    };
    CHECK(refused("JBA-03", {{}, ""}));
    CHECK(refused("JBA-03", {{"musterstadt-berufsschule"}, ""}));
    CHECK(refused("JBA-03", {{agency, "*"}, ""}));
    CHECK(refused("JBA-03", {{agency, agency}, ""}));
    CHECK(refused("JBA-03", {{agency}, "m24"}));
    CHECK(refused("JBA-03", {{agency}, "unknown"}));
    CHECK(refused("JBA-03", {{agency}, "open"}));
    CHECK(refused("IP-01", {{}, ""}));
}

TEST_CASE_FIXTURE(Fixture, "selection: fixed recipients need no choice, an objection stays open") {
    const auto made = pick("JBA-11", {});
    REQUIRE(made.has_value());
    CHECK(texts(made->recipients) == std::vector<std::string>{"musterland-uebergang"});
    CHECK_FALSE(made->to.has_value());
}

TEST_CASE_FIXTURE(Fixture, "selection: a duration until a birthday is cut there") {
    const consent::Duration* until_25 = catalogue.duration("a25");
    REQUIRE(until_25 != nullptr);
    struct Row {
        const char* birth;
        std::optional<std::string> last;
    };
    for (const Row& row : {Row{"2009-03-03", "2034-03-03"}, Row{"2001-05-13", "2026-05-13"},
                           Row{"2001-05-12", std::nullopt}, Row{"2001-05-11", std::nullopt},
                           Row{"2012-01-01", "2036-05-12"}}) {
        CAPTURE(row.birth);
        const auto last = consent::last_day(*until_25, today, day(row.birth));
        REQUIRE(last.has_value() == row.last.has_value());
        if (last) {
            CHECK(consent::to_text(*last) == *row.last);
        }
    }
    CHECK_FALSE(consent::last_day(*until_25, today, std::nullopt).has_value());
}

TEST_CASE_FIXTURE(Fixture, "selection: only durations that end in the future are offered") {
    const consent::Entry& entry = *catalogue.entry("JBA-01");
    CHECK(consent::durations_for(catalogue, entry, today, birth).size() == 3);
    CHECK(consent::durations_for(catalogue, entry, today, std::nullopt).size() == 2);
    CHECK(consent::durations_for(catalogue, entry, today, day("2000-01-01")).size() == 2);
    CHECK(consent::durations_for(catalogue, *catalogue.entry("JBA-11"), today, birth).size() == 1);
    CHECK(consent::durations_for(catalogue, *catalogue.entry("IP-01"), today, birth).empty());
}
