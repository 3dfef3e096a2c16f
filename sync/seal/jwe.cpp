// SPDX-License-Identifier: EUPL-1.2
// JWE with ECDH-ES+A256KW and A256GCM on P-256.
#include "sync/seal/jwe.hpp"

#include <algorithm>
#include <array>

#include "drivers/base/check.hpp"
#include "drivers/base/encoding.hpp"
#include "drivers/base/limits.hpp"
#include "drivers/base/secret.hpp"
#include "drivers/crypto/cipher.hpp"
#include "drivers/crypto/digest.hpp"
#include "sync/model/json.hpp"

namespace seal {
namespace {

using base::Bytes;
using base::ByteView;
using base::Errc;

constexpr std::string_view key_agreement = "ECDH-ES+A256KW";
constexpr std::string_view encryption = "A256GCM";
constexpr std::size_t header_bytes_max = 2'048;
constexpr std::size_t word_bytes_max = 256;
constexpr std::size_t key_bytes = 32;
constexpr std::size_t nonce_bytes = 12;
constexpr std::size_t tag_bytes = 16;

struct JweHeader {
    std::string kid;
    crypto::Point ephemeral;
    Bytes apu;
    Bytes apv;
};

/// A compact JWE taken apart; the authenticated data is the protected header as it came.
struct ParsedJwe {
    JweHeader header;
    std::string aad;
    Bytes wrapped_key;
    Bytes nonce;
    Bytes sealed;  ///< ciphertext || tag
};

base::Result<JweHeader> read_header(std::string_view encoded) {
    if (encoded.size() > header_bytes_max) return base::fail(Errc::message_bad, "jwe header size");
    const auto text = base::from_base64url(encoded);
    if (!text) return base::fail(Errc::message_bad, "jwe header base64url");
    TRY(json, model::parse_json(base::as_text(*text), header_bytes_max));
    model::JsonFields fields(json);
    // `zip` would let a small message become a large one; `crit` asks for what we do not know.
    if (fields.has("crit") || fields.has("zip")) return base::fail(Errc::message_bad, "jwe crit");
    if (fields.text("alg", word_bytes_max) != key_agreement ||
        fields.text("enc", word_bytes_max) != encryption) {
        return base::fail(Errc::message_bad, "jwe algorithms");
    }
    JweHeader header;
    if (fields.has("kid")) header.kid = fields.text("kid", word_bytes_max);
    if (fields.has("apu")) header.apu = fields.bytes("apu", 0, word_bytes_max);
    if (fields.has("apv")) header.apv = fields.bytes("apv", 0, word_bytes_max);
    const auto key = parse_public_jwk(fields.object("epk").dump());
    if (!key || !fields.ok_with_others()) return base::fail(Errc::message_bad, "jwe epk");
    header.ephemeral = key->point;
    return header;
}

base::Result<ParsedJwe> parse(std::string_view text) {
    if (text.size() > limits::sealed_bytes_max) return base::fail(Errc::message_bad, "jwe size");
    std::array<std::string_view, 5> parts;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const std::size_t dot = i + 1 < parts.size() ? text.find('.') : text.size();
        if (dot == text.npos) return base::fail(Errc::message_bad, "jwe form");
        parts.at(i) = text.substr(0, dot);
        text.remove_prefix(std::min(dot + 1, text.size()));
    }
    TRY(header, read_header(parts[0]));
    const auto wrapped = base::from_base64url(parts[1]);
    const auto nonce = base::from_base64url(parts[2]);
    const auto cipher = base::from_base64url(parts[3]);
    const auto tag = base::from_base64url(parts[4]);
    if (!wrapped || !nonce || !cipher || !tag || wrapped->size() != key_bytes + 8 ||
        nonce->size() != nonce_bytes || tag->size() != tag_bytes) {
        return base::fail(Errc::message_bad, "jwe parts");
    }
    return ParsedJwe{std::move(header), std::string(parts[0]), *wrapped, *nonce,
                     base::concat({*cipher, *tag})};
}

/// The key that wraps the content key.
base::Result<WrappingKey> wrapping_key(const crypto::KeyPair& own, const crypto::Point& peer,
                                       ByteView apu, ByteView apv, port::Random& random) {
    TRY(shared, crypto::shared_x(own, peer, random));
    std::array<std::uint8_t, key_bytes> key{};
    concat_kdf(shared.expose(), key_agreement, apu, apv, key);
    WrappingKey out{ByteView(key)};
    base::wipe_memory(key.data(), key.size());
    return out;
}

}  // namespace

void concat_kdf(base::ByteView shared, std::string_view algorithm, base::ByteView apu,
                base::ByteView apv, std::span<std::uint8_t> key) {
    // One round of SHA-256 is all that keys up to 256 bit need.
    CHECK(!key.empty() && key.size() <= 32);
    Bytes other;
    for (const ByteView part : {base::as_bytes(algorithm), apu, apv}) {
        base::append_u32(other, static_cast<std::uint32_t>(part.size()));
        base::append(other, part);
    }
    base::append_u32(other, static_cast<std::uint32_t>(key.size() * 8));
    constexpr std::array<std::uint8_t, 4> round{0, 0, 0, 1};
    auto digest = crypto::sha256({ByteView(round), shared, other});
    std::copy_n(digest.begin(), key.size(), key.begin());
    base::wipe_memory(digest.data(), digest.size());
}

base::Result<Agreement> Agreement::make(const PublicJwk& recipient, port::Random& random) {
    if (recipient.point.curve != crypto::Curve::p256) {
        return base::fail(Errc::seal_failed, "jwe recipient");
    }
    const crypto::KeyPair ephemeral = crypto::generate_key(crypto::Curve::p256, random);
    auto key = wrapping_key(ephemeral, recipient.point, {}, {}, random);
    if (!key) return base::fail(Errc::seal_failed, "jwe agreement", key.error().detail);
    model::JsonWriter header;
    header.text("alg", key_agreement).text("enc", encryption);
    if (!recipient.kid.empty()) header.text("kid", recipient.kid);
    header.raw("epk", write_public_jwk({"", ephemeral.point}));
    return Agreement(base::to_base64url(base::as_bytes(header.done())), std::move(*key));
}

std::string seal_jwe(base::ByteView plain, Agreement agreement, port::Random& random) {
    const std::string& aad = agreement.header_;
    Bytes content_key(key_bytes);
    random.fill(content_key);
    Bytes nonce(nonce_bytes);
    random.fill(nonce);
    const Bytes sealed = crypto::gcm_seal(content_key, nonce, base::as_bytes(aad), plain);
    const Bytes wrapped = crypto::key_wrap(agreement.key_.expose(), content_key);
    base::wipe(content_key);
    const ByteView all(sealed);
    return aad + '.' + base::to_base64url(wrapped) + '.' + base::to_base64url(nonce) + '.' +
           base::to_base64url(all.first(all.size() - tag_bytes)) + '.' +
           base::to_base64url(all.last(tag_bytes));
}

base::Result<std::string> seal_jwe(base::ByteView plain, const PublicJwk& recipient,
                                   port::Random& random) {
    TRY(agreement, Agreement::make(recipient, random));
    return seal_jwe(plain, std::move(agreement), random);
}

base::Result<std::string> jwe_kid(std::string_view jwe) {
    TRY(parsed, parse(jwe));
    return std::move(parsed.header.kid);
}

base::Result<base::Bytes> open_jwe(std::string_view jwe, const crypto::KeyPair& key,
                                   port::Random& random) {
    TRY(parsed, parse(jwe));
    const auto kek =
        wrapping_key(key, parsed.header.ephemeral, parsed.header.apu, parsed.header.apv, random);
    if (!kek) return base::fail(Errc::open_failed, "jwe agreement", kek.error().detail);
    TRY(content_key, crypto::key_unwrap(kek->expose(), parsed.wrapped_key));
    auto plain =
        crypto::gcm_open(content_key, parsed.nonce, base::as_bytes(parsed.aad), parsed.sealed);
    base::wipe(content_key);
    return plain;
}

}  // namespace seal
