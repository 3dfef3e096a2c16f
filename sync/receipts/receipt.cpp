// SPDX-License-Identifier: EUPL-1.2
// What the backend says back, signed.
#include "sync/receipts/receipt.hpp"

#include <algorithm>

#include "drivers/base/handle.hpp"
#include "drivers/base/limits.hpp"
#include "sync/model/json.hpp"
#include "sync/model/times.hpp"

namespace receipts {
namespace {

using base::Errc;
using model::JsonFields;
using model::JsonWriter;

constexpr const char* event_received = "urn:freigabe:event:received";
constexpr const char* event_applied = "urn:freigabe:event:applied";
constexpr std::size_t line_bytes_max = 256;
constexpr std::array<std::string_view, 5> state_words{"received", "acknowledged", "applied",
                                                      "withheld_by_source", "not_usable"};

std::string write(const ReceivedRecord& record) {
    return JsonWriter()
        .number("seq", record.seq)
        .bytes("leaf", record.leaf)
        .bytes("jwe_sha256", record.jwe_sha256)
        .number("log_index", record.log_index)
        .done();
}

std::string write(const Received& received) {
    std::vector<std::string> records;
    for (const ReceivedRecord& record : received.records) records.push_back(write(record));
    return JsonWriter()
        .number("epoch", received.epoch)
        .number("from", received.from)
        .number("to", received.to)
        .text("lane", received.lane == Lane::advance ? "advance" : "chain")
        .raw("records", model::json_array(records))
        .number("log_size", received.log_size)
        .done();
}

std::string write(const Applied& applied) {
    JsonWriter json;
    json.text("declaration", base::to_text(applied.declaration))
        .text("authority", applied.authority.get())
        .text("state", word(applied.state))
        .text("at", model::to_rfc3339(applied.at_ms));
    if (!applied.reason.empty()) json.text("reason", applied.reason);
    return json.done();
}

void read_records(JsonFields& fields, Received& out) {
    std::uint64_t previous = 0;
    for (const model::Json& item : fields.array("records", limits::batch_records_max)) {
        JsonFields record(item);
        ReceivedRecord& read = out.records.emplace_back();
        read.seq = record.number("seq", INT64_MAX);
        read.leaf = record.digest("leaf");
        read.jwe_sha256 = record.digest("jwe_sha256");
        read.log_index = record.number("log_index", INT64_MAX);
        const bool fits =
            record.ok() && read.seq > previous && read.seq >= out.from && read.seq <= out.to;
        if (!fits) fields.refuse();
        previous = read.seq;
    }
}

bool read(const model::Json& json, Received& out) {
    JsonFields fields(json);
    out.epoch = static_cast<std::uint32_t>(fields.number("epoch", UINT32_MAX));
    out.from = fields.number("from", INT64_MAX);
    out.to = fields.number("to", INT64_MAX);
    if (fields.has("lane")) {
        const std::string lane = fields.text("lane", 16);
        if (lane != "chain" && lane != "advance") fields.refuse();
        out.lane = lane == "advance" ? Lane::advance : Lane::chain;
    }
    read_records(fields, out);
    out.log_size = fields.number("log_size", INT64_MAX);
    // A log that holds a record is larger than its index.
    for (const ReceivedRecord& record : out.records) {
        if (record.log_index >= out.log_size) fields.refuse();
    }
    return fields.ok() && out.epoch > 0 && out.from > 0 && out.from <= out.to &&
           !out.records.empty();
}

bool read(const model::Json& json, Applied& out) {
    JsonFields fields(json);
    out.declaration = fields.uuid("declaration");
    out.authority = model::AuthorityId(fields.text("authority", 64));
    const auto state =
        std::find(state_words.begin(), state_words.end(), fields.text("state", line_bytes_max));
    if (state == state_words.end()) return false;
    out.state = static_cast<AppliedState>(state - state_words.begin());
    const auto at = model::parse_rfc3339(fields.text("at", 24));
    out.at_ms = at.value_or(0);
    if (fields.has("reason")) out.reason = fields.text("reason", 64);
    return fields.ok() && at.has_value();
}

template <class Event>
bool read_event(JsonFields& events, const char* name, Receipt& out) {
    Event event;
    if (!read(events.object(name), event)) return false;
    out.event = std::move(event);
    return true;
}

base::Result<Receipt> read_payload(base::ByteView payload) {
    const auto json = model::parse_json(base::as_text(payload), limits::jws_bytes_max);
    if (!json) return base::fail(Errc::receipt_bad, json.error().where);
    JsonFields fields(*json);
    Receipt receipt;
    receipt.issuer = fields.text("iss", line_bytes_max);
    receipt.issued_s = fields.number("iat", model::unix_ms_max / 1'000);
    receipt.id = fields.text("jti", line_bytes_max);
    receipt.audience = fields.uuid("aud");
    JsonFields events(fields.object("events"));
    const bool known = events.has(event_received)
                           ? read_event<Received>(events, event_received, receipt)
                           : read_event<Applied>(events, event_applied, receipt);
    // Claims that we do not know are passed over (RFC 7519 4); one that would end it is not.
    const bool timed = fields.has("exp") || fields.has("nbf");
    if (!known || !events.ok() || !fields.ok_with_others() || timed) {
        return base::fail(Errc::receipt_bad, "receipt members");
    }
    return receipt;
}

}  // namespace

std::string_view word(AppliedState state) {
    return state_words.at(static_cast<std::size_t>(state));
}

base::Result<std::string> sign(const Receipt& receipt, std::string_view kid, seal::Signer& signer) {
    JsonWriter events;
    std::visit(
        base::Overloaded{[&](const Received& event) { events.raw(event_received, write(event)); },
                         [&](const Applied& event) { events.raw(event_applied, write(event)); }},
        receipt.event);
    const std::string payload = JsonWriter()
                                    .text("iss", receipt.issuer)
                                    .number("iat", receipt.issued_s)
                                    .text("jti", receipt.id)
                                    .text("aud", base::to_text(receipt.audience))
                                    .raw("events", events.done())
                                    .done();
    const seal::JwsHeader header{
        .typ = std::string(seal::typ_receipt), .kid = std::string(kid), .role = "", .jwk = {}};
    return seal::sign_compact(header, base::as_bytes(payload), signer);
}

base::Result<Receipt> verify(std::string_view set, const crypto::Point& receipt_key,
                             const base::Uuid& audience) {
    const auto payload = seal::verify_compact(set, seal::typ_receipt, receipt_key);
    if (!payload) return base::fail(Errc::receipt_bad, payload.error().where);
    TRY(receipt, read_payload(*payload));
    if (receipt.audience != audience) return base::fail(Errc::receipt_bad, "receipt audience");
    return receipt;
}

base::Result<Receipt> verify_any(std::string_view set, std::span<const crypto::Point> receipt_keys,
                                 const base::Uuid& audience) {
    base::Error error{base::Errc::receipt_bad, "receipt keys"};
    for (const crypto::Point& key : receipt_keys) {
        auto receipt = verify(set, key, audience);
        if (receipt) return receipt;
        error = receipt.error();
    }
    return tl::unexpected(error);
}

}  // namespace receipts
