// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/fitconnect/case_event.hpp"

#include "drivers/base/limits.hpp"
#include "sync/model/json.hpp"
#include "sync/seal/jws.hpp"

namespace backend {
namespace {

constexpr std::string_view event_base = "https://schema.fitko.de/fit-connect/events/";
constexpr std::size_t event_text_bytes_max = 512;

CaseEventKind kind_of(std::string_view uri) {
    if (!uri.starts_with(event_base)) return CaseEventKind::other;
    uri.remove_prefix(event_base.size());
    if (uri == "submit-submission") return CaseEventKind::submitted;
    if (uri == "accept-submission") return CaseEventKind::accepted;
    if (uri == "reject-submission") return CaseEventKind::rejected;
    return CaseEventKind::other;
}

/// True if the event is bound to exactly what we sent: by its tags nobody can say "accepted" about
/// other bytes.
bool is_bound(const model::Json& event, const SentSubmission& sent) {
    if (!event.is_object()) return false;
    model::JsonFields fields(event);
    model::JsonFields tags(fields.object("authenticationTags"));
    const bool equal = tags.text("metadata", event_text_bytes_max) == sent.metadata_tag &&
                       tags.text("data", event_text_bytes_max) == sent.data_tag;
    return equal && fields.ok_with_others() && tags.ok_with_others();
}

}  // namespace

base::Result<CaseEvent> read_case_event(std::string_view set, const SentSubmission& sent) {
    CaseEvent event;
    TRY(jws, seal::parse_ps512(set, seal::typ_receipt));
    event.jws = std::move(jws);
    TRY(json, model::parse_json(base::as_text(event.jws.payload), limits::set_bytes_max));
    model::JsonFields fields(json);
    event.issuer = fields.text("iss", event_text_bytes_max);
    const bool ours = fields.text("sub", event_text_bytes_max) == "submission:" + sent.submission &&
                      fields.text("txn", event_text_bytes_max) == "case:" + sent.case_id;
    const model::Json& events = fields.object("events");
    if (!fields.ok_with_others()) return base::fail(base::Errc::message_bad, "fitconnect set");
    if (!ours || events.size() != 1) return event;
    const auto only = events.items().begin();
    const CaseEventKind kind = kind_of(only.key());
    if (kind != CaseEventKind::other && is_bound(only.value(), sent)) event.kind = kind;
    return event;
}

}  // namespace backend
