// SPDX-License-Identifier: EUPL-1.2
#include "sync/seal/rsa_jose.hpp"

#include <algorithm>

#include "drivers/base/check.hpp"
#include "drivers/base/encoding.hpp"
#include "drivers/base/limits.hpp"
#include "drivers/crypto/cipher.hpp"
#include "drivers/crypto/digest.hpp"
#include "sync/model/json.hpp"

namespace seal {
namespace {

using base::Errc;

// With a chain of three certificates in x5c (RSA 4096) a key has 9 kB.
constexpr std::size_t rsa_jwk_bytes_max = 65'536;
constexpr std::size_t rsa_header_bytes_max = 2'048;
constexpr std::size_t rsa_word_bytes_max = 256;
constexpr std::size_t content_key_bytes = 32;
constexpr std::size_t gcm_nonce_bytes = 12;
constexpr std::size_t gcm_tag_bytes = 16;

}  // namespace

base::Result<RsaJwk> parse_rsa_jwk(std::string_view text, RsaUse use) {
    const auto json = model::parse_json(text, rsa_jwk_bytes_max);
    if (!json) return base::fail(Errc::key_bad, json.error().where);
    model::JsonFields fields(*json);
    const bool wraps = use == RsaUse::wrap_key;
    const bool fits = fields.text("kty", 8) == "RSA" &&
                      fields.text("alg", 32) == (wraps ? "RSA-OAEP-256" : "PS512");
    // A private member means that somebody sends a secret around.
    if (!fits || fields.has("d")) return base::fail(Errc::key_bad, "rsa jwk kind");
    const model::Json& operations = fields.array("key_ops", 8);
    const bool allowed = std::ranges::any_of(operations, [&](const model::Json& each) {
        return each.is_string() && each == (wraps ? "wrapKey" : "verify");
    });
    if (!allowed) return base::fail(Errc::key_bad, "rsa jwk use");
    RsaJwk out{fields.text("kid", rsa_word_bytes_max), {}};
    const base::Bytes modulus = fields.bytes("n", 1, crypto::rsa_bits_max / 8);
    const base::Bytes exponent = fields.bytes("e", 1, 4);
    if (!fields.ok_with_others()) return base::fail(Errc::key_bad, "rsa jwk members");
    TRY(key, crypto::make_rsa_key(modulus, exponent));
    out.key = std::move(key);
    return out;
}

base::Result<std::string> seal_rsa_jwe(base::ByteView plain, const RsaJwk& recipient,
                                       std::string_view content_type, port::Random& random) {
    const std::string aad = base::to_base64url(base::as_bytes(model::JsonWriter()
                                                                  .text("alg", "RSA-OAEP-256")
                                                                  .text("enc", "A256GCM")
                                                                  .text("kid", recipient.kid)
                                                                  .text("cty", content_type)
                                                                  .done()));
    base::Bytes content_key(content_key_bytes);
    random.fill(content_key);
    base::Bytes nonce(gcm_nonce_bytes);
    random.fill(nonce);
    const base::Bytes sealed = crypto::gcm_seal(content_key, nonce, base::as_bytes(aad), plain);
    const auto wrapped = crypto::rsa_oaep_seal(recipient.key, content_key, random);
    base::wipe(content_key);
    if (!wrapped) return base::fail(Errc::seal_failed, "rsa jwe", wrapped.error().detail);
    const base::ByteView all(sealed);
    return aad + '.' + base::to_base64url(*wrapped) + '.' + base::to_base64url(nonce) + '.' +
           base::to_base64url(all.first(all.size() - gcm_tag_bytes)) + '.' +
           base::to_base64url(all.last(gcm_tag_bytes));
}

std::string authentication_tag(std::string_view jwe) {
    CHECK(std::ranges::count(jwe, '.') == 4);
    return std::string(jwe.substr(jwe.rfind('.') + 1));
}

base::Result<ParsedPs512> parse_ps512(std::string_view text, std::string_view typ) {
    if (text.size() > limits::set_bytes_max) return base::fail(Errc::message_bad, "ps512 size");
    const std::size_t first = text.find('.');
    const std::size_t second = first == text.npos ? text.npos : text.find('.', first + 1);
    if (second == text.npos) return base::fail(Errc::message_bad, "ps512 form");
    const auto header = base::from_base64url(text.substr(0, first));
    auto payload = base::from_base64url(text.substr(first + 1, second - first - 1));
    auto signature = base::from_base64url(text.substr(second + 1));
    if (!header || !payload || !signature) return base::fail(Errc::message_bad, "ps512 base64url");
    TRY(json, model::parse_json(base::as_text(*header), rsa_header_bytes_max));
    model::JsonFields fields(json);
    if (fields.has("crit") || fields.has("b64")) return base::fail(Errc::message_bad, "ps512 crit");
    const bool fits = fields.text("alg", rsa_word_bytes_max) == "PS512" &&
                      fields.text("typ", rsa_word_bytes_max) == typ;
    ParsedPs512 out;
    out.kid = fields.text("kid", rsa_word_bytes_max);
    if (!fits || !fields.ok_with_others()) return base::fail(Errc::message_bad, "ps512 header");
    out.payload = std::move(*payload);
    out.signing_input = std::string(text.substr(0, second));
    out.signature = std::move(*signature);
    return out;
}

bool verify(const ParsedPs512& jws, const crypto::RsaPublicKey& key) {
    return crypto::rsa_pss_verify(
        key, crypto::digest(crypto::Hash::sha512, base::as_bytes(jws.signing_input)),
        jws.signature);
}

}  // namespace seal
