// SPDX-License-Identifier: EUPL-1.2
// JWS with ES256.
#include "sync/seal/jws.hpp"

#include <algorithm>

#include "drivers/base/check.hpp"
#include "drivers/base/encoding.hpp"
#include "drivers/base/limits.hpp"
#include "drivers/crypto/digest.hpp"
#include "drivers/crypto/ecdsa.hpp"
#include "sync/model/json.hpp"
#include "sync/seal/jwk.hpp"

namespace seal {
namespace {

using base::Errc;

constexpr std::string_view algorithm = "ES256";
constexpr std::size_t header_bytes_max = 2'048;
constexpr std::size_t signature_bytes = 64;
constexpr std::size_t signatures_max = 8;
constexpr std::size_t word_bytes_max = 256;

std::string write_header(const JwsHeader& header) {
    model::JsonWriter out;
    out.text("alg", algorithm);
    if (!header.typ.empty()) out.text("typ", header.typ);
    if (!header.kid.empty()) out.text("kid", header.kid);
    if (!header.role.empty()) out.text("role", header.role);
    if (header.jwk) out.raw("jwk", write_public_jwk({"", *header.jwk}));
    return base::to_base64url(base::as_bytes(out.done()));
}

/// Reads a protected header. Members that we do not know are passed over as RFC 7515 4 asks, but
/// one that must be understood (`crit`) or changes the signing input (`b64`) is refused.
base::Result<JwsHeader> read_header(std::string_view encoded) {
    if (encoded.size() > header_bytes_max) return base::fail(Errc::message_bad, "jws header size");
    const auto text = base::from_base64url(encoded);
    if (!text) return base::fail(Errc::message_bad, "jws header base64url");
    TRY(json, model::parse_json(base::as_text(*text), header_bytes_max));
    model::JsonFields fields(json);
    if (fields.has("crit") || fields.has("b64")) {
        return base::fail(Errc::message_bad, "jws header crit");
    }
    if (fields.text("alg", word_bytes_max) != algorithm) {
        return base::fail(Errc::message_bad, "jws alg");
    }
    JwsHeader header;
    if (fields.has("typ")) header.typ = fields.text("typ", word_bytes_max);
    if (fields.has("kid")) header.kid = fields.text("kid", word_bytes_max);
    if (fields.has("role")) header.role = fields.text("role", word_bytes_max);
    if (fields.has("jwk")) {
        const auto key = parse_public_jwk(fields.object("jwk").dump());
        if (!key) return base::fail(Errc::message_bad, "jws jwk");
        header.jwk = key->point;
    }
    if (!fields.ok_with_others()) return base::fail(Errc::message_bad, "jws header members");
    return header;
}

base::Result<std::string> sign_input(std::string_view input, Signer& signer) {
    TRY(signature, signer.sign_digest(crypto::sha256(base::as_bytes(input))));
    if (signature.size() != signature_bytes) return base::fail(Errc::crypto_failed, "jws signer");
    return base::to_base64url(signature);
}

base::Result<ParsedJws> parse_parts(std::string_view header, std::string_view payload,
                                    std::string_view signature) {
    ParsedJws out;
    TRY(parsed_header, read_header(header));
    out.header = std::move(parsed_header);
    auto payload_bytes = base::from_base64url(payload);
    auto signature_value = base::from_base64url(signature);
    if (!payload_bytes || !signature_value) return base::fail(Errc::message_bad, "jws base64url");
    if (signature_value->size() != signature_bytes) {
        return base::fail(Errc::message_bad, "jws signature size");
    }
    out.payload = std::move(*payload_bytes);
    out.signature = std::move(*signature_value);
    out.signing_input.append(header).append(".").append(payload);
    return out;
}

/// A signature object of the general form with the shared payload.
base::Result<ParsedJws> parse_general_signature(const model::Json& json, std::string_view payload) {
    model::JsonFields fields(json);
    const std::string header = fields.text("protected", header_bytes_max);
    const std::string signature = fields.text("signature", word_bytes_max);
    // An unprotected header says things that nobody signed.
    if (!fields.ok()) return base::fail(Errc::message_bad, "jws signature members");
    return parse_parts(header, payload, signature);
}

}  // namespace

base::Result<base::Bytes> PairSigner::sign_digest(base::ByteView digest) {
    return crypto::ecdsa_sign(key_, digest, random_);
}

base::Result<std::string> sign_compact(const JwsHeader& header, base::ByteView payload,
                                       Signer& signer) {
    const std::string input = write_header(header) + '.' + base::to_base64url(payload);
    TRY(signature, sign_input(input, signer));
    return input + '.' + signature;
}

base::Result<ParsedJws> parse_compact(std::string_view text) {
    if (text.size() > limits::jws_bytes_max) return base::fail(Errc::message_bad, "jws size");
    const std::size_t first = text.find('.');
    const std::size_t second = first == text.npos ? text.npos : text.find('.', first + 1);
    if (second == text.npos) return base::fail(Errc::message_bad, "jws form");
    return parse_parts(text.substr(0, first), text.substr(first + 1, second - first - 1),
                       text.substr(second + 1));
}

bool verify(const ParsedJws& jws, const crypto::Point& key) {
    return key.curve == crypto::Curve::p256 &&
           crypto::ecdsa_verify(key, crypto::sha256(base::as_bytes(jws.signing_input)),
                                jws.signature);
}

base::Result<base::Bytes> verify_compact(std::string_view text, std::string_view typ,
                                         const crypto::Point& key) {
    TRY(jws, parse_compact(text));
    // The type keeps a signature made for one purpose from being used for another (RFC 8725 3.11).
    if (jws.header.typ != typ) return base::fail(Errc::message_bad, "jws typ");
    if (!verify(jws, key)) return base::fail(Errc::signature_bad, "jws signature");
    return std::move(jws.payload);
}

base::Result<std::string> sign_general(base::ByteView payload,
                                       std::span<const GeneralSigner> signers) {
    CHECK(!signers.empty() && signers.size() <= signatures_max);
    const std::string encoded = base::to_base64url(payload);
    std::vector<std::string> signatures;
    for (const GeneralSigner& each : signers) {
        CHECK(each.signer != nullptr);
        const std::string header = write_header(each.header);
        TRY(signature, sign_input(header + '.' + encoded, *each.signer));
        signatures.push_back(
            model::JsonWriter().text("protected", header).text("signature", signature).done());
    }
    return model::JsonWriter()
        .text("payload", encoded)
        .raw("signatures", model::json_array(signatures))
        .done();
}

base::Result<GeneralVerified> verify_general(std::string_view text,
                                             std::span<const NamedKey> keys) {
    TRY(json, model::parse_json(text, limits::jws_bytes_max));
    model::JsonFields fields(json);
    const std::string payload = fields.text("payload", limits::jws_bytes_max);
    const model::Json& signatures = fields.array("signatures", signatures_max);
    if (!fields.ok() || signatures.empty()) return base::fail(Errc::message_bad, "jws members");
    GeneralVerified out;
    bool forged = false;
    for (const model::Json& item : signatures) {
        TRY(jws, parse_general_signature(item, payload));
        out.payload = std::move(jws.payload);
        const auto key = std::find_if(keys.begin(), keys.end(), [&](const NamedKey& each) {
            return each.kid == jws.header.kid;
        });
        if (key == keys.end()) continue;
        if (key->role != jws.header.role || !verify(jws, key->point)) {
            forged = true;  // does not count, and keeps the others from counting neither
            continue;
        }
        const auto index = static_cast<std::size_t>(key - keys.begin());
        if (std::find(out.keys.begin(), out.keys.end(), index) == out.keys.end()) {
            out.keys.push_back(index);
        }
    }
    if (forged && out.keys.empty()) return base::fail(Errc::signature_bad, "jws general signature");
    return out;
}

}  // namespace seal
