// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/authorities/requests.hpp"

#include "drivers/base/limits.hpp"
#include "drivers/base/limits_exchange.hpp"
#include "drivers/crypto/digest.hpp"
#include "sync/backend/authorities/german_day.hpp"
#include "sync/backend/store/columns.hpp"
#include "sync/model/json.hpp"
#include "sync/model/text_rules.hpp"

namespace backend {
namespace {

constexpr Statement find_person{
    "SELECT handle FROM assignment WHERE authority = $1 AND file_number = $2 LIMIT 1"};
constexpr Statement find_request{
    "SELECT digest FROM release_request WHERE authority = $1 AND id = $2"};
constexpr Statement add_request{
    "INSERT INTO release_request (authority, id, digest, file_number, entry, until, asked_ms)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (authority, id) DO NOTHING"};

constexpr std::uint64_t day_ms = 24ULL * 3'600 * 1'000;

}  // namespace

base::Result<ReleaseRequest> parse_release_request(std::string_view body) {
    TRY(json, model::parse_json(body, limits::exchange_body_bytes_max));
    if (!json.is_object()) return base::fail(base::Errc::message_bad, "request.body");
    model::JsonFields fields(json);
    ReleaseRequest request;
    request.id = fields.uuid("id");
    request.file_number = fields.text("file_number", limits::file_number_bytes_max);
    request.entry = fields.text("entry", limits::id_bytes_max);
    request.until = fields.text("until", 10);
    if (!fields.ok() || !model::is_id(request.entry) || !model::parse_date(request.until)) {
        return base::fail(base::Errc::message_bad, "request.members");
    }
    return request;
}

base::Result<RequestVerdict> ask_for_release(Store& store, std::string_view authority,
                                             const ReleaseRequest& request, std::uint64_t now_ms) {
    const std::string last = german_day(now_ms + limits::request_days_max * day_ms);
    // Dates of one form compare as text.
    if (request.until < german_day(now_ms) || request.until > last) {
        return base::fail(base::Errc::message_bad, "request.until");
    }
    const model::Digest digest =
        crypto::sha256(base::as_bytes(model::JsonWriter()
                                          .text("file", request.file_number)
                                          .text("entry", request.entry)
                                          .text("until", request.until)
                                          .done()));
    TRY(known, store.run(find_request, {authority, request.id.get()}));
    if (!known.empty()) {
        const bool same = base::equal(known[0].bytes(0), digest);
        return same ? RequestVerdict::kept : RequestVerdict::differs;
    }
    TRY(person, store.run(find_person, {authority, request.file_number}));
    if (person.empty()) return RequestVerdict::not_found;
    TRY_VOID(store.run(add_request, {authority, request.id.get(), digest, request.file_number,
                                     request.entry, request.until, column_of(now_ms)}));
    return RequestVerdict::kept;
}

}  // namespace backend
