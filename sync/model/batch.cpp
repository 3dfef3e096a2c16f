// SPDX-License-Identifier: EUPL-1.2
// The bodies that a terminal sends.
#include "sync/model/batch.hpp"

#include "drivers/base/limits.hpp"
#include "sync/model/json.hpp"

namespace model {
namespace {

using base::Errc;

// A signed head is about 400 characters.
constexpr std::size_t head_bytes_max = 1'024;
// Version, id, tag, counts, parts, targets, slip hash: all at their bounds.
constexpr std::size_t scopes_bytes_max =
    83 + limits::recipients_max * 64 + limits::targets_max * 33;

std::string write(const Record& record) {
    return JsonWriter()
        .bytes("header", record.header)
        .bytes("scopes", record.scopes)
        .text("jwe", record.jwe)
        .done();
}

bool read(const Json& json, Record& out) {
    JsonFields fields(json);
    out.header = fields.bytes("header", 1, header_bytes);
    out.scopes = fields.bytes("scopes", 0, scopes_bytes_max);
    // Empty: its content is gone by the rules and the backend has lost it; see batch.hpp.
    out.jwe = fields.text_or_empty("jwe", limits::sealed_bytes_max);
    return fields.ok();
}

}  // namespace

std::string encode(const Batch& batch) {
    std::vector<std::string> records;
    for (const Record& record : batch.records) records.push_back(write(record));
    return JsonWriter()
        .text("terminal", base::to_text(batch.terminal))
        .number("epoch", batch.epoch)
        .number("from", batch.from)
        .number("to", batch.to)
        .text("head", batch.head)
        .raw("records", json_array(records))
        .done();
}

std::string encode(const Advance& advance) {
    std::vector<std::string> copies;
    for (const AdvanceCopy& copy : advance.copies) {
        copies.push_back(
            JsonWriter().text("head", copy.head).raw("record", write(copy.record)).done());
    }
    return JsonWriter()
        .text("terminal", base::to_text(advance.terminal))
        .raw("advance", json_array(copies))
        .done();
}

base::Result<Batch> parse_batch(std::string_view body) {
    TRY(json, parse_json(body, limits::batch_bytes_max));
    JsonFields fields(json);
    Batch batch;
    batch.terminal = fields.uuid("terminal");
    batch.epoch = static_cast<std::uint32_t>(fields.number("epoch", UINT32_MAX));
    batch.from = fields.number("from", INT64_MAX);
    batch.to = fields.number("to", INT64_MAX);
    batch.head = fields.text("head", head_bytes_max);
    for (const Json& item : fields.array("records", limits::batch_records_max)) {
        if (!read(item, batch.records.emplace_back())) fields.refuse();
    }
    if (!fields.ok()) return base::fail(Errc::message_bad, "batch members");
    if (batch.epoch == 0 || batch.from == 0 || batch.to < batch.from ||
        batch.to - batch.from + 1 != batch.records.size()) {
        return base::fail(Errc::message_bad, "batch range");
    }
    return batch;
}

base::Result<Advance> parse_advance(std::string_view body) {
    TRY(json, parse_json(body, limits::batch_bytes_max));
    JsonFields fields(json);
    Advance advance;
    advance.terminal = fields.uuid("terminal");
    for (const Json& item : fields.array("advance", limits::batch_records_max)) {
        JsonFields copy(item);
        AdvanceCopy& out = advance.copies.emplace_back();
        out.head = copy.text("head", head_bytes_max);
        if (!read(copy.object("record"), out.record)) copy.refuse();
        if (!copy.ok()) fields.refuse();
    }
    if (!fields.ok() || advance.copies.empty()) {
        return base::fail(Errc::message_bad, "advance members");
    }
    return advance;
}

}  // namespace model
