// SPDX-License-Identifier: EUPL-1.2
// What the backend knows of the person of the journeys: every kind of row once. Tests only.
#include "tests/screens/walker.hpp"

namespace walker {
namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::year;

core::Moment moment(core::Date date, unsigned hour, unsigned minute) {
    return {0, date, static_cast<std::uint16_t>(hour * 60 + minute)};
}

core::Access access(const char* authority, core::Moment at, const char* entry) {
    core::Access out;
    out.authority = authority;
    out.at = at;
    out.entry = entry;
    return out;
}

std::vector<core::Access> some_accesses(core::Date may) {
    using Coverage = core::Access::Coverage;
    core::Access seen = access("musterstadt-agentur", moment(may, 14, 20), "JBA-02");
    seen.categories = {"C06", "C05"};
    seen.purpose = "placement";
    core::Access passed =
        access("musterstadt-jugendamt", moment({year{2026}, month{5}, day{3}}, 9, 5), "JBA-03");
    passed.recipient = "musterstadt-jobcenter";
    passed.categories = {"C07", "X-41"};
    passed.purpose = "case.2026-05";
    passed.coverage = Coverage::late;
    core::Access hidden = access("musterstadt-jugendamt", {}, "");
    hidden.withheld = true;
    hidden.at.date = {year{2026}, month{4}, day{28}};
    core::Access without =
        access("musterstadt-jobcenter", moment({year{2026}, month{4}, day{2}}, 11, 0), "");
    without.categories = {"C01"};
    without.purpose = "appointment";
    without.coverage = Coverage::none;
    return {seen, passed, hidden, without};
}

}  // namespace

core::Known some_known() {
    using Stage = core::Delivery::Stage;
    const core::Date today{year{2026}, month{5}, day{12}};
    const core::Date may{year{2026}, month{5}, day{11}};
    core::Known known;
    known.as_of = moment(today, 9, 41);
    known.sources = {{"musterstadt-agentur", "Agentur", true, true, moment(today, 9, 38)},
                     {"musterstadt-jobcenter", "Jobcenter", true, true,
                      moment({year{2026}, month{5}, day{3}}, 0, 0)},
                     {"musterstadt-jugendamt", "Jugendamt", true, false, {}},
                     {"nachbarstadt-schulamt", "Schulamt Nachbarstadt", false, true, {}}};
    known.releases = some_releases();
    for (core::Release& release : known.releases) {
        release.version.clear();
        release.kept_here = false;
    }
    core::Release there = known.releases.front();
    there.declaration = base::parse_uuid("0190a0b0-0000-7000-8000-0000000000e1").value();
    there.entry = "JBA-05";
    there.elsewhere = true;
    there.given_on = {year{2026}, month{4}, day{20}};
    there.categories.clear();
    there.deliveries = {{"musterstadt-jugendamt", Stage::withheld, may, "entrusted"},
                        {"musterstadt-agentur", Stage::received, may, {}}};
    core::Release paused = there;
    paused.declaration = base::parse_uuid("0190a0b0-0000-7000-8000-0000000000e2").value();
    paused.entry = "NRW-77";  // of another site: this catalogue has no such entry
    paused.standing = core::Release::Standing::suspended;
    paused.given_on = {year{2026}, month{2}, day{1}};
    paused.recipients = {"nachbarstadt-schulamt"};
    paused.deliveries = {{"nachbarstadt-schulamt", Stage::not_usable, may, {}}};
    known.releases.push_back(there);
    known.releases.push_back(paused);
    known.wishes = {{"musterstadt-jobcenter", "JBA-01", core::Date{year{2026}, month{6}, day{30}}}};
    known.accesses = some_accesses(may);
    return known;
}

}  // namespace walker
