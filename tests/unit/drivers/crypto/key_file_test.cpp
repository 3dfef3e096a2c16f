// SPDX-License-Identifier: EUPL-1.2
// Private keys that write out their curve: PKCS#8, SEC 1 and PEM, and near misses.
#include "drivers/crypto/key_file.hpp"

#include "drivers/apdu/tlv.hpp"
#include "drivers/crypto/random.hpp"

#include <doctest/doctest.h>

#include "drivers/base/encoding.hpp"

using apdu::tlv;
using crypto::Curve;

namespace {

const base::Bytes version_0{2, 1, 0};
const base::Bytes version_1{2, 1, 1};

base::Bytes integer(base::Bytes number) {
    if (!number.empty() && (number[0] & 0x80U) != 0) number.insert(number.begin(), 0);
    return tlv(0x02, number);
}
base::Bytes oid(std::initializer_list<std::uint8_t> value) {
    return tlv(0x06, base::Bytes(value));
}

base::Bytes parameters(const crypto::DomainParameters& domain) {
    return tlv(0x30, {version_1,
                      tlv(0x30, {oid({0x2A, 0x86, 0x48, 0xCE, 0x3D, 1, 1}), integer(domain.prime)}),
                      tlv(0x30, {tlv(0x04, domain.a), tlv(0x04, domain.b)}),
                      tlv(0x04, domain.generator), integer(domain.order), version_1});
}
base::Bytes sec1(base::ByteView scalar, base::ByteView explicit_parameters) {
    return tlv(0x30, {version_1, tlv(0x04, scalar), tlv(0xA0, explicit_parameters)});
}
base::Bytes pkcs8(base::ByteView scalar, base::ByteView explicit_parameters) {
    const base::Bytes inner = tlv(0x30, {version_1, tlv(0x04, scalar)});
    const base::Bytes algorithm =
        tlv(0x30, {oid({0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1}), explicit_parameters});
    return tlv(0x30, {version_0, algorithm, tlv(0x04, base::ByteView(inner))});
}

std::string pem(const char* label, const base::Bytes& der) {
    std::string body = base::to_base64url(der);
    for (char& c : body) c = c == '-' ? '+' : c == '_' ? '/' : c;
    while (body.size() % 4 != 0) body += '=';
    for (std::size_t at = 64; at < body.size(); at += 65) body.insert(at, "\n");
    return std::string("-----BEGIN ") + label + "-----\n" + body + "\n-----END " + label +
           "-----\n";
}

}  // namespace

TEST_CASE("key file: explicit parameters that equal a known curve, in every wrapping") {
    crypto::SystemRandom random;
    for (const Curve curve : {Curve::p256, Curve::p384, Curve::p521, Curve::brainpool_p256r1,
                              Curve::brainpool_p384r1, Curve::brainpool_p512r1}) {
        const auto key = crypto::generate_key(curve, random);
        const base::Bytes domain = parameters(crypto::domain_parameters(curve));
        const base::Bytes in_sec1 = sec1(key.secret.expose(), domain);
        const base::Bytes in_pkcs8 = pkcs8(key.secret.expose(), domain);
        const std::string text = "Some tool says hello\n" + pem("EC PRIVATE KEY", in_sec1);
        const std::string other = pem("PRIVATE KEY", in_pkcs8);
        for (const base::ByteView file : {base::ByteView(in_sec1), base::ByteView(in_pkcs8),
                                          base::as_bytes(text), base::as_bytes(other)}) {
            const auto read = crypto::parse_private_key(file);
            REQUIRE(read.has_value());
            CHECK(read->point.bytes == key.point.bytes);
            CHECK(read->point.curve == curve);
        }
    }
}

TEST_CASE("key file: a curve that is not quite a known one, and any cut, is refused") {
    crypto::SystemRandom random;
    const auto key = crypto::generate_key(Curve::brainpool_p256r1, random);
    auto domain = crypto::domain_parameters(Curve::brainpool_p256r1);
    const base::Bytes good = pkcs8(key.secret.expose(), parameters(domain));
    for (std::size_t size = 0; size < good.size(); ++size) {
        CHECK_FALSE(crypto::parse_private_key(base::ByteView(good).first(size)).has_value());
    }
    for (base::Bytes* part :
         {&domain.prime, &domain.a, &domain.b, &domain.generator, &domain.order}) {
        part->back() ^= 1U;
        CHECK_FALSE(
            crypto::parse_private_key(pkcs8(key.secret.expose(), parameters(domain))).has_value());
        CHECK_FALSE(
            crypto::parse_private_key(sec1(key.secret.expose(), parameters(domain))).has_value());
        part->back() ^= 1U;
    }
    const base::Bytes zero(32, 0);
    CHECK_FALSE(crypto::parse_private_key(pkcs8(zero, parameters(domain))).has_value());
    const base::Bytes large(33, 1);
    CHECK_FALSE(crypto::parse_private_key(pkcs8(large, parameters(domain))).has_value());
}
