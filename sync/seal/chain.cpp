// SPDX-License-Identifier: EUPL-1.2
// The hash chain of a terminal.
#include "sync/seal/chain.hpp"

#include "drivers/crypto/digest.hpp"
#include "sync/model/json.hpp"

namespace seal {
namespace {

using base::Errc;

base::Result<Head> read_payload(base::ByteView payload) {
    constexpr std::size_t payload_bytes_max = 512;
    TRY(json, model::parse_json(base::as_text(payload), payload_bytes_max));
    model::JsonFields fields(json);
    Head head;
    head.key.terminal = fields.uuid("terminal");
    head.key.epoch = static_cast<std::uint32_t>(fields.number("epoch", UINT32_MAX));
    head.key.seq = fields.number("seq", INT64_MAX);
    head.leaf = fields.digest("head");
    if (!fields.ok() || head.key.epoch == 0 || head.key.seq == 0) {
        return base::fail(Errc::message_bad, "head members");
    }
    return head;
}

/// The key id names the terminal, so that a head cannot be held against another one's key.
base::Result<Head> read_head(const ParsedJws& jws) {
    if (jws.header.typ != typ_head) return base::fail(Errc::message_bad, "head typ");
    TRY(head, read_payload(jws.payload));
    if (jws.header.kid != base::to_text(head.key.terminal)) {
        return base::fail(Errc::message_bad, "head kid");
    }
    return head;
}

}  // namespace

model::Digest leaf_hash(base::ByteView header) {
    constexpr std::array<std::uint8_t, 1> leaf_prefix{0x00};
    return crypto::sha256({base::ByteView(leaf_prefix), header});
}

base::Result<CheckedRecord> check_record(const model::Record& record) {
    TRY(header, model::parse_header(record.header));
    TRY(scopes, model::parse_scopes(record.scopes));
    if (crypto::sha256(record.scopes) != header.scopes_sha256) {
        return base::fail(Errc::record_bad, "scopes hash");
    }
    if (crypto::sha256(base::as_bytes(record.jwe)) != header.jwe_sha256) {
        return base::fail(Errc::record_bad, "jwe hash");
    }
    return CheckedRecord{header, std::move(scopes), leaf_hash(record.header)};
}

base::Result<std::string> sign_head(const Head& head, Signer& signer) {
    const std::string terminal = base::to_text(head.key.terminal);
    const std::string payload = model::JsonWriter()
                                    .text("terminal", terminal)
                                    .number("epoch", head.key.epoch)
                                    .number("seq", head.key.seq)
                                    .bytes("head", head.leaf)
                                    .done();
    return sign_compact({.typ = std::string(typ_head), .kid = terminal, .role = "", .jwk = {}},
                        base::as_bytes(payload), signer);
}

base::Result<Head> verify_head(std::string_view text, const crypto::Point& journal_key) {
    TRY(jws, parse_compact(text));
    TRY(head, read_head(jws));
    if (!verify(jws, journal_key)) return base::fail(Errc::signature_bad, "head signature");
    return head;
}

base::Result<Head> parse_head(std::string_view text) {
    TRY(jws, parse_compact(text));
    return read_head(jws);
}

}  // namespace seal
