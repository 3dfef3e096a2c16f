// SPDX-License-Identifier: EUPL-1.2
#include "drivers/crypto/ecdsa.hpp"

#include <mbedtls/asn1.h>
#include <mbedtls/ecdsa.h>

#include "drivers/base/check.hpp"
#include "drivers/crypto/ec_group.hpp"
#include "drivers/crypto/random.hpp"

namespace crypto {
namespace {

base::ByteView without_leading_zeros(base::ByteView number) {
    while (number.size() > 1 && number.front() == 0) number = number.subspan(1);
    return number;
}

void append_der_length(base::Bytes& out, std::size_t size) {
    CHECK(size < 256);
    if (size >= 0x80) out.push_back(0x81);
    out.push_back(static_cast<std::uint8_t>(size));
}

void append_der_integer(base::Bytes& out, base::ByteView number) {
    number = without_leading_zeros(number);
    const bool pad = (number[0] & 0x80U) != 0;
    out.push_back(MBEDTLS_ASN1_INTEGER);
    append_der_length(out, number.size() + (pad ? 1 : 0));
    if (pad) out.push_back(0);
    base::append(out, number);
}

bool read_der_integer(unsigned char** cursor, const unsigned char* end, std::size_t size,
                      base::Bytes& out) {
    std::size_t length = 0;
    if (mbedtls_asn1_get_tag(cursor, end, &length, MBEDTLS_ASN1_INTEGER) != 0) return false;
    if (length == 0 || (**cursor & 0x80) != 0) return false;
    base::ByteView number = without_leading_zeros({*cursor, length});
    // Exactly one leading zero is allowed, and only in front of a set top bit (X.690 8.3.2).
    const bool padded = length > number.size();
    if (padded && (length != number.size() + 1 || (number[0] & 0x80U) == 0)) return false;
    if (number.size() > size) return false;
    out.insert(out.end(), size - number.size(), 0);
    base::append(out, number);
    *cursor += length;
    return true;
}

}  // namespace

base::Result<base::Bytes> ecdsa_sign(const KeyPair& key, base::ByteView digest,
                                     port::Random& random) {
    const Curve curve = key.point.curve;
    EcGroup group(curve);
    Mpi secret;
    Mpi r;
    Mpi s;
    read_mpi(secret, key.secret.expose());
    if (const int error =
            mbedtls_ecdsa_sign(group.get(), r.get(), s.get(), secret.get(), digest.data(),
                               digest.size(), mbedtls_random, &random)) {
        return base::fail(base::Errc::crypto_failed, "ecdsa_sign",
                          static_cast<std::uint32_t>(-error));
    }
    base::Bytes signature = to_bytes(*r.get(), curve_bytes(curve));
    base::append(signature, to_bytes(*s.get(), curve_bytes(curve)));
    return signature;
}

bool ecdsa_verify(const Point& key, base::ByteView digest, base::ByteView signature) {
    const std::size_t size = curve_bytes(key.curve);
    if (signature.size() != 2 * size) return false;
    EcGroup group(key.curve);
    EcPoint point;
    Mpi r;
    Mpi s;
    load_point(group, point, key);
    read_mpi(r, signature.first(size));
    read_mpi(s, signature.subspan(size));
    return mbedtls_ecdsa_verify(group.get(), digest.data(), digest.size(), point.get(), r.get(),
                                s.get()) == 0;
}

base::Bytes signature_to_der(base::ByteView plain) {
    CHECK(plain.size() >= 2 && plain.size() % 2 == 0 && plain.size() <= 132);
    const std::size_t half = plain.size() / 2;
    base::Bytes body;
    append_der_integer(body, plain.first(half));
    append_der_integer(body, plain.subspan(half));
    base::Bytes out{MBEDTLS_ASN1_SEQUENCE | MBEDTLS_ASN1_CONSTRUCTED};
    append_der_length(out, body.size());
    base::append(out, body);
    return out;
}

std::optional<base::Bytes> signature_from_der(Curve curve, base::ByteView der) {
    // mbedTLS reads through a non-const cursor and does not write.
    auto* cursor = const_cast<unsigned char*>(der.data());
    const unsigned char* end = der.data() + der.size();
    std::size_t length = 0;
    if (mbedtls_asn1_get_tag(&cursor, end, &length,
                             MBEDTLS_ASN1_SEQUENCE | MBEDTLS_ASN1_CONSTRUCTED) != 0) {
        return std::nullopt;
    }
    if (cursor + length != end) return std::nullopt;
    base::Bytes plain;
    const std::size_t size = curve_bytes(curve);
    if (!read_der_integer(&cursor, end, size, plain)) return std::nullopt;
    if (!read_der_integer(&cursor, end, size, plain)) return std::nullopt;
    if (cursor != end) return std::nullopt;
    return plain;
}

}  // namespace crypto
