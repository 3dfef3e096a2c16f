// SPDX-License-Identifier: EUPL-1.2
#include "sync/seal/key_change.hpp"

#include "sync/model/json.hpp"
#include "sync/seal/jwk.hpp"

namespace seal {
namespace {

using base::Errc;

constexpr std::size_t change_payload_bytes_max = 4'096;

auto bad(const char* where) {
    return base::fail(Errc::message_bad, where);
}

/// What both keys sign. The old key stands in it, so that no other key can borrow the new one's
/// consent.
model::JsonWriter body_of(const KeyChange& change, const std::string& old_key) {
    model::JsonWriter body;
    body.text("terminal", base::to_text(change.terminal))
        .number("epoch", change.epoch)
        .text("old", old_key);
    return body;
}

/// The members that stand in both.
struct ChangeBody {
    base::Uuid terminal;
    std::uint32_t epoch = 0;
    std::string old_key;
    friend bool operator==(const ChangeBody&, const ChangeBody&) = default;
};

base::Result<ChangeBody> read_body(model::JsonFields& fields) {
    constexpr std::size_t thumbprint_characters = 43;
    ChangeBody body;
    body.terminal = fields.uuid("terminal");
    body.epoch = static_cast<std::uint32_t>(fields.number("epoch", UINT32_MAX));
    body.old_key = fields.text("old", thumbprint_characters);
    if (body.epoch < 2) return bad("key change epoch");
    return body;
}

}  // namespace

base::Result<std::string> sign_key_change(const KeyChange& change, const crypto::Point& old_key,
                                          Signer& old_signer, Signer& new_signer) {
    if (change.key.curve != crypto::Curve::p256) return base::fail(Errc::key_bad, "key change");
    const std::string old = thumbprint(old_key);
    JwsHeader header;
    header.typ = std::string(typ_key_change);
    header.jwk = change.key;
    TRY(inner, sign_compact(header, base::as_bytes(body_of(change, old).done()), new_signer));
    header.jwk.reset();
    header.kid = base::to_text(change.terminal);
    const std::string outer = body_of(change, old).text("new", inner).done();
    return sign_compact(header, base::as_bytes(outer), old_signer);
}

base::Result<KeyChange> verify_key_change(std::string_view text, const crypto::Point& old_key) {
    TRY(payload, verify_compact(text, typ_key_change, old_key));
    TRY(json, model::parse_json(base::as_text(payload), change_payload_bytes_max));
    model::JsonFields fields(json);
    TRY(outer, read_body(fields));
    const std::string inner = fields.text("new", change_payload_bytes_max);
    if (!fields.ok() || outer.old_key != thumbprint(old_key)) return bad("key change");
    TRY(jws, parse_compact(inner));
    if (jws.header.typ != typ_key_change || !jws.header.jwk) return bad("key change new");
    if (!verify(jws, *jws.header.jwk)) return base::fail(Errc::signature_bad, "key change new");
    TRY(inner_json, model::parse_json(base::as_text(jws.payload), change_payload_bytes_max));
    model::JsonFields inner_fields(inner_json);
    TRY(agreed, read_body(inner_fields));
    if (!inner_fields.ok() || agreed != outer) return bad("key change pair");
    return KeyChange{outer.terminal, outer.epoch, *jws.header.jwk};
}

std::optional<std::uint32_t> claimed_epoch(std::string_view text) {
    const auto jws = parse_compact(text);
    if (!jws || jws->header.typ != typ_key_change) return std::nullopt;
    const auto json = model::parse_json(base::as_text(jws->payload), change_payload_bytes_max);
    if (!json) return std::nullopt;
    model::JsonFields fields(*json);
    const auto body = read_body(fields);
    if (!body || !fields.ok_with_others()) return std::nullopt;
    return body->epoch;
}

}  // namespace seal
