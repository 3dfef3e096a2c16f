// SPDX-License-Identifier: EUPL-1.2
#include "sync/receipts/insight_json.hpp"

#include <algorithm>

#include "drivers/base/handle.hpp"
#include "drivers/base/limits.hpp"
#include "drivers/base/limits_exchange.hpp"
#include "sync/model/text_rules.hpp"
#include "sync/model/times.hpp"

namespace receipts {
namespace {

using model::AuthorityId;
using model::JsonFields;
using model::JsonWriter;

constexpr std::size_t name_bytes_max = 200;

std::string moment(std::uint64_t ms) {
    return model::to_rfc3339(ms);
}

std::string write(const InsightSource& row) {
    JsonWriter json;
    json.text("authority", row.authority.get())
        .text("name", row.name)
        .boolean("concerned", row.concerned)
        .boolean("matched", row.matched)
        .boolean("reports", row.reports);
    if (row.complete_ms != 0) json.text("complete_until", moment(row.complete_ms));
    return JsonWriter().raw("source", json.done()).done();
}

std::string write(const InsightRelease& row) {
    std::vector<std::string> sources;
    for (const AuthorityId& id : row.sources) sources.push_back(id.get());
    std::vector<std::string> parts;
    for (const InsightPart& part : row.parts) {
        parts.push_back(
            JsonWriter().text("recipient", part.recipient.get()).text("state", part.state).done());
    }
    std::vector<std::string> statuses;
    for (const InsightStatus& status : row.statuses) {
        JsonWriter json;
        json.text("declaration", base::to_text(status.declaration))
            .text("authority", status.authority.get())
            .text("state", status.state)
            .text("at", moment(status.at_ms));
        if (!status.reason.empty()) json.text("reason", status.reason);
        statuses.push_back(json.done());
    }
    return JsonWriter()
        .raw("release", JsonWriter()
                            .text("declaration", base::to_text(row.declaration))
                            .text("terminal", base::to_text(row.terminal))
                            .text("entry", row.entry)
                            .text("act_type", row.act_type)
                            .text("from", row.from)
                            .text("until", row.until)
                            .text("recorded_at", moment(row.recorded_ms))
                            .texts("sources", sources)
                            .raw("parts", model::json_array(parts))
                            .raw("statuses", model::json_array(statuses))
                            .done())
        .done();
}

std::string write(const InsightWish& row) {
    return JsonWriter()
        .raw("request", JsonWriter()
                            .text("authority", row.authority.get())
                            .text("entry", row.entry)
                            .text("until", row.until)
                            .done())
        .done();
}

std::string write(const InsightAccess& row) {
    JsonWriter json;
    json.text("authority", row.authority.get()).text("day", row.day);
    if (!row.withheld) {
        json.text("coverage", row.coverage)
            .text("entry", row.entry)
            .text("recipient", row.recipient)
            .text("categories", row.categories)
            .text("purpose", row.purpose)
            .text("system", row.system)
            .text("at", moment(row.at_ms));
    }
    return JsonWriter().raw("access", json.done()).done();
}

AuthorityId read_authority(JsonFields& fields, const char* key) {
    std::string id = fields.text(key, limits::id_bytes_max);
    if (!model::is_id(id)) fields.refuse();
    return AuthorityId(std::move(id));
}

std::uint64_t read_moment(JsonFields& fields, const char* key) {
    const auto at = model::parse_rfc3339(fields.text(key, 24));
    if (!at) fields.refuse();
    return at.value_or(0);
}

std::string read_date(JsonFields& fields, const char* key) {
    std::string date = fields.text_or_empty(key, 10);
    if (!date.empty() && !model::parse_date(date)) fields.refuse();
    return date;
}

std::string read_word(JsonFields& fields, const char* key,
                      std::initializer_list<std::string_view> words) {
    std::string text = fields.text(key, limits::id_bytes_max);
    if (std::ranges::find(words, text) == words.end()) fields.refuse();
    return text;
}

InsightSource read_source(JsonFields& fields) {
    InsightSource row;
    row.authority = read_authority(fields, "authority");
    row.name = fields.text("name", name_bytes_max);
    row.concerned = fields.boolean("concerned");
    row.matched = fields.boolean("matched");
    row.reports = fields.boolean("reports");
    if (fields.has("complete_until")) row.complete_ms = read_moment(fields, "complete_until");
    return row;
}

InsightStatus read_status(const model::Json& json, JsonFields& outer) {
    JsonFields fields(json);
    InsightStatus row;
    row.declaration = fields.uuid("declaration");
    row.authority = read_authority(fields, "authority");
    row.state =
        read_word(fields, "state",
                  {"received", "acknowledged", "applied", "withheld_by_source", "not_usable"});
    row.at_ms = read_moment(fields, "at");
    if (fields.has("reason")) row.reason = fields.text("reason", limits::id_bytes_max);
    if (!fields.ok()) outer.refuse();
    return row;
}

InsightRelease read_release(JsonFields& fields) {
    InsightRelease row;
    row.declaration = fields.uuid("declaration");
    row.terminal = fields.uuid("terminal");
    row.entry = fields.text_or_empty("entry", limits::id_bytes_max);
    row.act_type = fields.text_or_empty("act_type", limits::id_bytes_max);
    row.from = read_date(fields, "from");
    row.until = read_date(fields, "until");
    row.recorded_ms = read_moment(fields, "recorded_at");
    for (const model::Json& each : fields.array("sources", limits::recipients_max)) {
        if (!each.is_string() || !model::is_id(each.get<std::string>())) {
            fields.refuse();
            break;
        }
        row.sources.emplace_back(each.get<std::string>());
    }
    for (const model::Json& each : fields.array("parts", limits::recipients_max)) {
        JsonFields part(each);
        InsightPart& read = row.parts.emplace_back();
        read.recipient = read_authority(part, "recipient");
        read.state = read_word(part, "state", {"alive", "suspended", "ended"});
        if (!part.ok()) fields.refuse();
    }
    for (const model::Json& each : fields.array("statuses", limits::insight_statuses_max)) {
        row.statuses.push_back(read_status(each, fields));
    }
    return row;
}

InsightWish read_wish(JsonFields& fields) {
    InsightWish row;
    row.authority = read_authority(fields, "authority");
    row.entry = fields.text("entry", limits::id_bytes_max);
    row.until = read_date(fields, "until");
    return row;
}

InsightAccess read_access(JsonFields& fields) {
    InsightAccess row;
    row.authority = read_authority(fields, "authority");
    row.day = read_date(fields, "day");
    row.withheld = !fields.has("at");
    if (row.withheld) return row;
    row.coverage = read_word(fields, "coverage", {"covered", "late", "none"});
    row.entry = fields.text_or_empty("entry", limits::id_bytes_max);
    row.recipient = fields.text_or_empty("recipient", limits::id_bytes_max);
    row.categories =
        fields.text("categories", limits::access_categories_max * (limits::id_bytes_max + 1));
    row.purpose = fields.text("purpose", limits::id_bytes_max);
    row.system = fields.text("system", limits::id_bytes_max);
    row.at_ms = read_moment(fields, "at");
    return row;
}

template <class Row>
std::optional<InsightRow> read_as(const model::Json& json, const char* key,
                                  Row (*read)(JsonFields&)) {
    JsonFields outer(json);
    JsonFields fields(outer.object(key));
    Row row = read(fields);
    if (!fields.ok() || !outer.ok()) return std::nullopt;
    return InsightRow{std::move(row)};
}

}  // namespace

std::string encode(const InsightRow& row) {
    return std::visit([](const auto& each) { return write(each); }, row);
}

std::optional<InsightRow> parse_insight_row(const model::Json& json) {
    if (!json.is_object() || json.size() != 1) return std::nullopt;
    const std::string key = json.begin().key();
    if (key == "source") return read_as<InsightSource>(json, "source", read_source);
    if (key == "release") return read_as<InsightRelease>(json, "release", read_release);
    if (key == "request") return read_as<InsightWish>(json, "request", read_wish);
    if (key == "access") return read_as<InsightAccess>(json, "access", read_access);
    return std::nullopt;
}

}  // namespace receipts
