// SPDX-License-Identifier: EUPL-1.2
// Signing and checking the codes of a slip.
#include "sync/seal/slip_code.hpp"

#include "drivers/crypto/digest.hpp"

namespace seal {
namespace {

using base::Errc;

base::Result<model::CheckCode> read_code(const ParsedJws& jws) {
    if (jws.header.typ != typ_slip) return base::fail(Errc::slip_bad, "slip typ");
    TRY(code, model::parse_check_payload(base::as_text(jws.payload)));
    if (jws.header.kid != base::to_text(code.terminal)) {
        return base::fail(Errc::slip_bad, "slip kid");
    }
    return code;
}

}  // namespace

model::Digest slip_hash(const model::SlipSecret& secret) {
    return crypto::sha256(secret.expose());
}

base::Result<std::string> sign_check(const model::CheckCode& code, Signer& signer) {
    const JwsHeader header{
        .typ = std::string(typ_slip), .kid = base::to_text(code.terminal), .role = "", .jwk = {}};
    return sign_compact(header, base::as_bytes(model::encode(code)), signer);
}

base::Result<model::CheckCode> verify_check(std::string_view text,
                                            const crypto::Point& journal_key) {
    const auto jws = parse_compact(text);
    if (!jws) return base::fail(Errc::slip_bad, jws.error().where);
    TRY(code, read_code(*jws));
    if (!verify(*jws, journal_key)) return base::fail(Errc::slip_bad, "slip signature");
    return code;
}

base::Result<model::CheckCode> read_check(std::string_view text) {
    const auto jws = parse_compact(text);
    if (!jws) return base::fail(Errc::slip_bad, jws.error().where);
    return read_code(*jws);
}

base::Result<TakeBack> read_take_back(std::string_view text) {
    TRY(parts, model::parse_take_back(text));
    TRY(code, read_check(parts.check_jws));
    const model::Digest hash = slip_hash(parts.secret);
    if (hash != code.secret_hash) return base::fail(Errc::slip_bad, "slip secret");
    return TakeBack{code, hash};
}

}  // namespace seal
