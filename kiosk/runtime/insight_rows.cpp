// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/runtime/insight_rows.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "drivers/base/handle.hpp"
#include "kiosk/runtime/moment.hpp"
#include "sync/model/declaration_json.hpp"
#include "sync/model/times.hpp"

namespace runtime {
namespace {

using core::Delivery;
using Stage = core::Delivery::Stage;
using Standing = core::Release::Standing;

/// The backend's word for a recipient that nobody there was told of.
constexpr std::string_view untold = "unknown";

model::ActType act_of(std::string_view word) {
    using model::ActType;
    for (const ActType act : {ActType::consent, ActType::confidentiality_release,
                              ActType::objection, ActType::once_only_decision, ActType::notice}) {
        if (model::word(act) == word) return act;
    }
    return ActType::consent;  // only how its title is asked for hangs on it
}

Stage stage_word(std::string_view word) {
    if (word == "applied") return Stage::applied;
    if (word == "withheld_by_source") return Stage::withheld;
    if (word == "not_usable") return Stage::not_usable;
    return Stage::received;
}

Standing standing_of_row(const receipts::InsightRelease& row,
                         const std::optional<core::Date>& until, model::Date today) {
    const auto has = [&](std::string_view state) {
        return std::ranges::any_of(row.parts,
                                   [&](const auto& part) { return part.state == state; });
    };
    // Of what nobody has a part, nobody can say that it has ended.
    if (!row.parts.empty() && !has("alive") && !has("suspended")) return Standing::withdrawn;
    if (until && std::chrono::sys_days(*until) < std::chrono::sys_days(today)) {
        return Standing::expired;
    }
    return has("suspended") ? Standing::suspended : Standing::given;
}

/// The last word of one authority: about the end of the release if it has ended, else about itself.
Delivery delivery_of(const receipts::InsightRelease& row, const std::string& authority,
                     Standing standing) {
    // It is at the backend; nobody has answered yet.
    Delivery delivery{authority, Stage::sent, std::nullopt, {}};
    std::uint64_t last_ms = 0;
    for (const auto& status : row.statuses) {
        const bool of_itself = status.declaration == row.declaration;
        const bool wanted = of_itself == (standing != Standing::withdrawn);
        if (status.authority.get() != authority || !wanted || status.at_ms < last_ms) continue;
        last_ms = status.at_ms;
        delivery = {authority, stage_word(status.state), model::day_of(status.at_ms),
                    status.reason};
    }
    return delivery;
}

core::Release release_of(const receipts::InsightRelease& row, const base::Uuid& terminal,
                         model::Date today) {
    core::Release release;
    release.declaration = row.declaration;
    release.entry = row.entry;
    release.act = act_of(row.act_type);
    release.given_on = model::day_of(row.recorded_ms);
    if (const auto until = model::parse_date(row.until)) release.until = *until;
    release.standing = standing_of_row(row, release.until, today);
    release.elsewhere = row.terminal != terminal;
    for (const auto& id : row.sources) release.sources.push_back(id.get());
    for (const auto& part : row.parts) {
        if (part.recipient.get() != untold) release.recipients.push_back(part.recipient.get());
    }
    for (const auto* list : {&release.sources, &release.recipients}) {
        for (const std::string& id : *list) {
            const auto& done = release.deliveries;
            if (std::ranges::find(done, id, &Delivery::authority) != done.end()) continue;
            release.deliveries.push_back(delivery_of(row, id, release.standing));
        }
    }
    return release;
}

std::vector<std::string> split(const std::string& words) {
    std::vector<std::string> out;
    for (std::size_t at = 0; at < words.size();) {
        const std::size_t end = std::min(words.find(' ', at), words.size());
        if (end > at) out.push_back(words.substr(at, end - at));
        at = end + 1;
    }
    return out;
}

core::Access access_of(receipts::InsightAccess row) {
    using Coverage = core::Access::Coverage;
    core::Access access;
    access.authority = row.authority.get();
    access.withheld = row.withheld;
    if (row.withheld) {
        if (const auto day = model::parse_date(row.day)) access.at.date = *day;
        return access;
    }
    access.at = moment_of(row.at_ms, 0);
    access.coverage = row.coverage == "covered" ? Coverage::covered
                      : row.coverage == "late"  ? Coverage::late
                                                : Coverage::none;
    access.entry = std::move(row.entry);
    access.recipient = std::move(row.recipient);
    access.categories = split(row.categories);
    access.purpose = std::move(row.purpose);
    return access;
}

core::SourceReport report_of(receipts::InsightSource row) {
    core::SourceReport report{row.authority.get(), std::move(row.name), row.concerned, row.reports,
                              std::nullopt};
    if (row.complete_ms != 0) report.complete = moment_of(row.complete_ms, 0);
    return report;
}

}  // namespace

core::Known to_known(receipts::InsightPage page, const base::Uuid& terminal, model::Date today) {
    core::Known known;
    known.next = page.next;
    known.as_of = moment_of(page.issued_ms, 0);
    for (receipts::InsightRow& row : page.rows) {
        std::visit(
            base::Overloaded{
                [&](receipts::InsightSource& r) {
                    known.sources.push_back(report_of(std::move(r)));
                },
                [&](receipts::InsightRelease& r) {
                    known.releases.push_back(release_of(r, terminal, today));
                },
                [&](receipts::InsightWish& r) {
                    known.wishes.push_back({r.authority.get(), std::move(r.entry), std::nullopt});
                    if (const auto until = model::parse_date(r.until)) {
                        known.wishes.back().until = *until;
                    }
                },
                [&](receipts::InsightAccess& r) {
                    known.accesses.push_back(access_of(std::move(r)));
                }},
            row);
    }
    return known;
}

}  // namespace runtime
