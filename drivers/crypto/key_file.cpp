// SPDX-License-Identifier: EUPL-1.2
#include "drivers/crypto/key_file.hpp"

#include <mbedtls/pem.h>
#include <mbedtls/pk.h>
#include <mbedtls/version.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "drivers/base/check.hpp"
#include "drivers/crypto/ec_group.hpp"
#include "drivers/crypto/explicit_key.hpp"
#include "drivers/crypto/random.hpp"

namespace crypto {
namespace {

using Pk = base::Pinned<mbedtls_pk_context, mbedtls_pk_init, mbedtls_pk_free>;
using Pem = base::Pinned<mbedtls_pem_context, mbedtls_pem_init, mbedtls_pem_free>;

constexpr std::uint8_t oid_ec_public_key[] = {0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01};
constexpr std::size_t key_file_bytes_max = 8'192;

base::ByteView curve_oid(Curve curve) {
    static constexpr std::uint8_t p256[] = {6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7};
    static constexpr std::uint8_t p384[] = {6, 5, 0x2B, 0x81, 4, 0, 0x22};
    static constexpr std::uint8_t p521[] = {6, 5, 0x2B, 0x81, 4, 0, 0x23};
    static constexpr std::uint8_t bp256[] = {6, 9, 0x2B, 0x24, 3, 3, 2, 8, 1, 1, 7};
    static constexpr std::uint8_t bp384[] = {6, 9, 0x2B, 0x24, 3, 3, 2, 8, 1, 1, 0x0B};
    static constexpr std::uint8_t bp512[] = {6, 9, 0x2B, 0x24, 3, 3, 2, 8, 1, 1, 0x0D};
    switch (curve) {
        case Curve::p256:
            return p256;
        case Curve::p384:
            return p384;
        case Curve::p521:
            return p521;
        case Curve::brainpool_p256r1:
            return bp256;
        case Curve::brainpool_p384r1:
            return bp384;
        case Curve::brainpool_p512r1:
            return bp512;
    }
    CHECK(false);
    return {};
}

base::Bytes der(std::uint8_t tag, std::initializer_list<base::ByteView> parts) {
    base::Bytes body = base::concat(parts);
    base::Bytes out{tag};
    const std::size_t size = body.size();
    CHECK(size < 65'536);
    if (size >= 256) {
        out.push_back(0x82);
        out.push_back(static_cast<std::uint8_t>(size >> 8U));
    } else if (size >= 128) {
        out.push_back(0x81);
    }
    out.push_back(static_cast<std::uint8_t>(size));
    base::append(out, body);
    base::wipe(body);
    return out;
}

auto bad(const char* where, int error = 0) {
    return base::fail(base::Errc::key_bad, where, static_cast<std::uint32_t>(-error));
}

/// Copies group, scalar and point out of a parsed key; the two mbedTLS generations hide them
/// differently.
base::Result<KeyPair> extract(const mbedtls_pk_context& pk, const char* where) {
    if (mbedtls_pk_get_type(&pk) != MBEDTLS_PK_ECKEY) return bad(where);
    const mbedtls_ecp_keypair* pair = mbedtls_pk_ec(pk);
#if MBEDTLS_VERSION_MAJOR >= 3
    base::Pinned<mbedtls_ecp_group, mbedtls_ecp_group_init, mbedtls_ecp_group_free> group;
    Mpi secret;
    EcPoint point;
    if (const int error = mbedtls_ecp_export(pair, group.get(), secret.get(), point.get())) {
        return bad(where, error);
    }
    const auto curve = curve_of_group(group.get()->id);
    const mbedtls_mpi& d = *secret.get();
#else
    EcPoint point;
    CHECK(mbedtls_ecp_copy(point.get(), &pair->Q) == 0);
    const auto curve = curve_of_group(pair->grp.id);
    const mbedtls_mpi& d = pair->d;
#endif
    if (!curve) return bad(where);
    EcGroup known(*curve);
    if (const int error = mbedtls_ecp_check_pubkey(known.get(), point.get())) {
        return bad(where, error);
    }
    base::Bytes scalar = to_bytes(d, curve_bytes(*curve));
    KeyPair key{Scalar{base::ByteView(scalar)}, store_point(known, *curve, point)};
    base::wipe(scalar);
    return key;
}

int parse(Pk& pk, const base::Bytes& copy) {
#if MBEDTLS_VERSION_MAJOR >= 3
    SystemRandom random;
    return mbedtls_pk_parse_key(pk.get(), copy.data(), copy.size(), nullptr, 0, mbedtls_random,
                                &random);
#else
    return mbedtls_pk_parse_key(pk.get(), copy.data(), copy.size(), nullptr, 0);
#endif
}

/// text  ends with a zero.
std::optional<KeyPair> explicit_pem(const base::Bytes& text) {
    for (const auto& [begin, end] :
         {std::pair{"-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----"},
          std::pair{"-----BEGIN EC PRIVATE KEY-----", "-----END EC PRIVATE KEY-----"}}) {
        Pem pem;
        std::size_t used = 0;
        if (mbedtls_pem_read_buffer(pem.get(), begin, end, text.data(), nullptr, 0, &used) != 0) {
            continue;
        }
#if MBEDTLS_VERSION_MAJOR >= 3
        std::size_t size = 0;
        const unsigned char* der = mbedtls_pem_get_buffer(pem.get(), &size);
        return parse_explicit_key({der, size});
#else
        return parse_explicit_key({pem.get()->buf, pem.get()->buflen});
#endif
    }
    return std::nullopt;
}

}  // namespace

base::Result<KeyPair> parse_private_key(base::ByteView der_or_pem) {
    if (der_or_pem.empty() || der_or_pem.size() > key_file_bytes_max) {
        return bad("parse_private_key");
    }
    // PEM needs a terminating zero that is counted; DER must not have one. Some tools write lines
    // of text before the first block.
    base::Bytes copy;
    copy.reserve(der_or_pem.size() + 1);  // one allocation, so that the wipe reaches all of it
    copy.assign(der_or_pem.begin(), der_or_pem.end());
    const bool pem = base::as_text(der_or_pem).find("-----BEGIN ") != std::string_view::npos;
    if (pem) copy.push_back(0);
    Pk pk;
    const int error = parse(pk, copy);
    auto explicit_key = error == 0 ? std::nullopt
                        : pem      ? explicit_pem(copy)
                                   : parse_explicit_key(copy);
    base::wipe(copy);
    if (explicit_key) return std::move(*explicit_key);
    if (error != 0) return bad("parse_private_key", error);
    TRY(key, extract(*pk.get(), "parse_private_key"));
    // The file may carry a foreign public point; the scalar alone decides.
    TRY(checked, key_from_scalar(key.point.curve, key.secret.expose()));
    if (!base::equal(checked.point.bytes, key.point.bytes)) return bad("parse_private_key");
    return std::move(key);
}

base::Bytes write_private_key(const KeyPair& key) {
    static constexpr std::uint8_t version_one[] = {2, 1, 1};
    static constexpr std::uint8_t version_zero[] = {2, 1, 0};
    static constexpr std::uint8_t no_unused_bits[] = {0};
    const base::Bytes public_bits = der(0x03, {no_unused_bits, key.point.bytes});
    base::Bytes scalar = der(0x04, {key.secret.expose()});
    base::Bytes sec1 = der(0x30, {version_one, scalar, der(0xA1, {public_bits})});
    base::Bytes octets = der(0x04, {sec1});
    const base::Bytes algorithm = der(0x30, {oid_ec_public_key, curve_oid(key.point.curve)});
    base::Bytes out = der(0x30, {version_zero, algorithm, octets});
    base::wipe(scalar);
    base::wipe(sec1);
    base::wipe(octets);
    return out;
}

base::Result<Point> parse_public_key(base::ByteView der) {
    if (der.empty() || der.size() > key_file_bytes_max) return bad("parse_public_key");
    Pk pk;
    if (const int error = mbedtls_pk_parse_public_key(pk.get(), der.data(), der.size())) {
        return bad("parse_public_key", error);
    }
    TRY(key, extract(*pk.get(), "parse_public_key"));
    return std::move(key.point);
}

base::Bytes write_public_key(const Point& point) {
    static constexpr std::uint8_t no_unused_bits[] = {0};
    return der(0x30, {der(0x30, {oid_ec_public_key, curve_oid(point.curve)}),
                      der(0x03, {no_unused_bits, point.bytes})});
}

}  // namespace crypto
