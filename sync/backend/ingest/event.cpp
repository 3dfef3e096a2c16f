// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/ingest/event.hpp"

#include "drivers/crypto/digest.hpp"
#include "sync/seal/chain.hpp"

namespace backend {
namespace {

bool has_parts(RecordKind kind) {
    return kind == RecordKind::grant || kind == RecordKind::decision ||
           kind == RecordKind::objection;
}

bool has_targets(RecordKind kind) {
    return model::is_protective(kind) || kind == RecordKind::objection_withdrawn;
}

/// What scopes must hold so that the rule can work with them.
bool fits(RecordKind kind, const model::Scopes& scopes) {
    const bool knows_subject = !is_zero(scopes.tag_s);
    if (has_parts(kind)) return knows_subject && !scopes.parts.empty();
    if (kind == RecordKind::notice) return true;
    // A note without any proof may know neither subject nor declaration: the views find its person.
    if (kind == RecordKind::provisional_withdrawal) return true;
    if (scopes.targets.empty()) return false;
    if (knows_subject) return true;
    // The take-back code: exactly one declaration, proved by the slip's hash.
    return scopes.targets.size() == 1 && scopes.targets[0].kind == TargetKind::declaration &&
           !is_zero(scopes.slip_hash);
}

}  // namespace

base::Result<void> check_content(const model::Record& record) {
    TRY(header, model::parse_header(record.header));
    const bool gone = record.jwe.empty();
    if (!gone && header.jwe_sha256 != crypto::sha256(base::as_bytes(record.jwe))) {
        return base::fail(base::Errc::record_bad, "event.jwe_hash");
    }
    if (gone && record.scopes.empty() && !model::is_protective(header.kind)) return {};
    if (gone && !model::is_protective(header.kind)) {
        return base::fail(base::Errc::record_bad, "event.no_content");
    }
    if (header.scopes_sha256 != crypto::sha256(record.scopes)) {
        return base::fail(base::Errc::record_bad, "event.scopes_hash");
    }
    return {};
}

base::Result<Event> read_event(const model::Record& record) {
    TRY(header, model::parse_header(record.header));
    Event event;
    event.place = header.key;
    event.leaf = seal::leaf_hash(record.header);
    event.prev = header.prev;
    event.kind = header.kind;
    event.observed = header.observed;
    event.wall_ms = header.time.wall_ms;
    event.floor_ms = header.time.floor_ms;
    auto scopes = model::parse_scopes(record.scopes);
    event.usable = scopes.has_value() && fits(header.kind, *scopes);
    if (!event.usable) return event;
    event.declaration = model::declaration_value(scopes->declaration);
    event.tag_s = scopes->tag_s;
    event.slip_hash = scopes->slip_hash;
    if (has_parts(event.kind)) event.parts = std::move(scopes->parts);
    if (has_targets(event.kind)) event.targets = std::move(scopes->targets);
    return event;
}

}  // namespace backend
