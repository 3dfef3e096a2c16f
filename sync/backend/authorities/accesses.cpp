// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/authorities/accesses.hpp"

#include <algorithm>

#include "drivers/base/limits.hpp"
#include "drivers/base/limits_exchange.hpp"
#include "drivers/base/log.hpp"
#include "drivers/crypto/digest.hpp"
#include "sync/backend/authorities/content.hpp"
#include "sync/backend/authorities/german_day.hpp"
#include "sync/backend/store/columns.hpp"
#include "sync/model/json.hpp"
#include "sync/model/text_rules.hpp"

namespace backend {
namespace {

constexpr Statement find_report{
    "SELECT digest, coverage FROM access_report WHERE authority = $1 AND id = $2"};
constexpr Statement add_report{
    "INSERT INTO access_report (authority, id, digest, handle, declaration, entry, recipient,"
    " categories, purpose, system, at_ms, received_ms, coverage, withheld)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
    " ON CONFLICT (authority, id) DO NOTHING RETURNING coverage"};
constexpr Statement find_given{"SELECT MIN(wall_ms) FROM part WHERE leaf = $1"};
// When the authority was told that it is over; nothing = not yet.
constexpr Statement find_told{
    "SELECT MIN(filed_ms) FROM change WHERE authority = $1 AND leaf = $2 AND kind <> 'received'"
    " AND kind <> 'resumed'"};
constexpr Statement set_complete{
    "INSERT INTO access_coverage (authority, complete_ms, said_ms) VALUES ($1, $2, $3)"
    " ON CONFLICT (authority) DO UPDATE SET complete_ms = excluded.complete_ms,"
    " said_ms = excluded.said_ms WHERE access_coverage.complete_ms < excluded.complete_ms"};
constexpr Statement find_uncovered{
    "SELECT authority, id, entry, at_ms, received_ms, coverage FROM access_report"
    " WHERE coverage <> 0 ORDER BY received_ms DESC, authority, id LIMIT $1"};
constexpr Statement count_uncovered{"SELECT COUNT(*) FROM access_report WHERE coverage <> 0"};

/// A report as one text, so that a repeated one is recognised.
model::Digest digest_of(const AccessReport& report) {
    model::JsonWriter json;
    if (report.declaration) json.text("declaration", base::to_text(*report.declaration));
    json.text("file_number", report.file_number)
        .text("entry", report.entry)
        .text("recipient", report.recipient)
        .texts("categories", report.categories)
        .text("purpose", report.purpose)
        .text("system", report.system)
        .number("at", report.at_ms)
        .boolean("withheld", report.withheld);
    return crypto::sha256(base::as_bytes(json.done()));
}

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& each : words) out += (out.empty() ? "" : " ") + each;
    return out;
}

std::string id_of(model::JsonFields& fields, const char* key) {
    std::string text = fields.text(key, limits::id_bytes_max);
    if (!model::is_id(text)) fields.refuse();
    return text;
}

}  // namespace

std::string_view word(Coverage coverage) {
    constexpr std::string_view words[] = {"covered", "late", "none"};
    return words[static_cast<std::size_t>(coverage)];
}

base::Result<AccessReport> parse_access(std::string_view body) {
    TRY(json, model::parse_json(body, limits::exchange_body_bytes_max));
    if (!json.is_object()) return base::fail(base::Errc::message_bad, "access.body");
    model::JsonFields fields(json);
    AccessReport report;
    report.id = fields.uuid("id");
    if (fields.has("declaration")) {
        report.declaration = fields.uuid("declaration");
    } else {
        report.file_number = fields.text("file_number", limits::file_number_bytes_max);
        report.entry = id_of(fields, "entry");
    }
    if (fields.has("recipient")) report.recipient = id_of(fields, "recipient");
    const model::Json& categories = fields.array("categories", limits::access_categories_max);
    for (const model::Json& each : categories) {
        if (!each.is_string() || !model::is_id(each.get<std::string>())) {
            return base::fail(base::Errc::message_bad, "access.categories");
        }
        report.categories.push_back(each.get<std::string>());
    }
    std::ranges::sort(report.categories);
    if (categories.empty() ||
        std::ranges::adjacent_find(report.categories) != report.categories.end()) {
        fields.refuse();
    }
    report.purpose = id_of(fields, "purpose");
    report.system = id_of(fields, "system");
    const auto at = model::parse_rfc3339(fields.text("at", 24));
    report.at_ms = at.value_or(0);
    if (fields.has("withheld")) report.withheld = fields.boolean("withheld");
    if (!fields.ok() || !at) return base::fail(base::Errc::message_bad, "access.members");
    return report;
}

base::Result<AccessBook::Verdict> AccessBook::record(std::string_view authority,
                                                     const AccessReport& report) {
    const std::uint64_t now_ms = parts_.clock.wall_ms();
    if (report.at_ms > now_ms + limits::clock_skew_ms_max ||
        report.at_ms + limits::access_age_ms_max < now_ms) {
        return base::fail(base::Errc::message_bad, "access.at");
    }
    const model::Digest digest = digest_of(report);
    TRY(known, parts_.store.run(find_report, {authority, report.id.get()}));
    if (!known.empty()) {
        if (!base::equal(known[0].bytes(0), digest)) return Verdict{Refusal::differs, {}};
        return Verdict{{}, static_cast<Coverage>(known[0].number(1))};
    }
    const std::string day = german_day(report.at_ms);
    std::vector<Case> cases;
    if (report.declaration) {
        TRY(item, find_case(parts_.store, authority, *report.declaration, day));
        if (item) cases.push_back(std::move(*item));
    } else {
        TRY(found, cases_of_file(parts_.store, authority, report.file_number, day));
        cases = std::move(found);
    }
    if (cases.empty()) return Verdict{Refusal::not_found, {}};
    Coverage best = Coverage::none;
    const Case* by = nullptr;
    for (const Case& item : cases) {
        if (!report.declaration && item.entry != report.entry) continue;
        TRY(coverage, coverage_of(authority, item, report));
        if (by == nullptr || coverage < best) by = &item;
        best = std::min(best, coverage);
    }
    Param declaration = nullptr;
    if (by != nullptr) declaration = base::ByteView(by->declaration.get());
    TRY_VOID(parts_.store.run(
        add_report,
        {authority, report.id.get(), digest, cases[0].handle, declaration,
         by != nullptr ? by->entry : report.entry, report.recipient, joined(report.categories),
         report.purpose, report.system, column_of(report.at_ms), column_of(now_ms),
         static_cast<std::int64_t>(best), std::int64_t{report.withheld ? 1 : 0}}));
    return Verdict{{}, best};
}

base::Result<Coverage> AccessBook::coverage_of(std::string_view authority, const Case& item,
                                               const AccessReport& report) const {
    const std::string recipient =
        report.recipient.empty() ? std::string(authority) : report.recipient;
    const bool role = report.recipient.empty() ? item.is_recipient : item.is_source;
    const auto part = std::ranges::find(item.parts, recipient, &CasePart::recipient);
    const std::string day = german_day(report.at_ms);
    const bool dated = item.from <= day && (item.to.empty() || day <= item.to);
    if (!role || part == item.parts.end() || !dated || item.act_type == "objection" ||
        item.state == CaseState::invalid) {
        return Coverage::none;
    }
    TRY(given, parts_.store.run(find_given, {item.leaf}));
    if (given.at(0).is_null(0) || report.at_ms < given[0].count(0)) return Coverage::none;
    TRY(enough, has_categories(item, report));
    if (!enough) return Coverage::none;
    if (part->effect == Effect::none) return Coverage::covered;
    // Endings are sorted. What was done before the citizen took it back was done with consent.
    if (!item.endings.empty() && report.at_ms < item.endings.front().wall_ms) {
        return Coverage::covered;
    }
    TRY(told, parts_.store.run(find_told, {authority, item.leaf}));
    const bool late = told.at(0).is_null(0) || report.at_ms < told[0].count(0);
    return late ? Coverage::late : Coverage::none;
}

base::Result<bool> AccessBook::has_categories(const Case& item, const AccessReport& report) const {
    TRY(rows, content_of(parts_.store, item.place, item.leaf));
    if (rows.empty()) return false;
    const auto declaration = parts_.opener.open(rows[0].text(0));
    if (!declaration) {
        base::log_error(declaration.error());
        return false;
    }
    if (!declaration->selection) return false;
    const auto& granted = declaration->selection->categories;
    return std::ranges::all_of(report.categories, [&](const std::string& category) {
        return std::ranges::count(granted, category) > 0;
    });
}

base::Result<void> AccessBook::complete_until(std::string_view authority, std::uint64_t at_ms) {
    const std::uint64_t now_ms = parts_.clock.wall_ms();
    if (at_ms > now_ms + limits::clock_skew_ms_max) {
        return base::fail(base::Errc::message_bad, "coverage.until");
    }
    TRY_VOID(parts_.store.run(set_complete, {authority, column_of(at_ms), column_of(now_ms)}));
    return {};
}

base::Result<std::string> uncovered_accesses(Store& store) {
    TRY(rows, store.run(find_uncovered, {column_of(limits::events_page_max)}));
    TRY(total, store.run(count_uncovered, {}));
    std::vector<std::string> items;
    items.reserve(rows.size());
    for (const Row& row : rows) {
        items.push_back(model::JsonWriter()
                            .text("authority", row.text(0))
                            .text("id", base::to_text(uuid_of(row.bytes(1))))
                            .text("entry", row.text(2))
                            .text("at", model::to_rfc3339(row.count(3)))
                            .text("reported_at", model::to_rfc3339(row.count(4)))
                            .text("coverage", word(static_cast<Coverage>(row.number(5))))
                            .done());
    }
    return model::JsonWriter()
        .number("total", total.at(0).count(0))
        .raw("accesses", model::json_array(items))
        .done();
}

}  // namespace backend
