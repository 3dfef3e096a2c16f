// SPDX-License-Identifier: EUPL-1.2
// Building X.509 certificates, see x509_builder.hpp.
#include "drivers/pki/x509_builder.hpp"

#include <algorithm>

#include "drivers/base/check.hpp"
#include "drivers/crypto/digest.hpp"
#include "drivers/crypto/ecdsa.hpp"
#include "drivers/crypto/key_file.hpp"
#include "drivers/pki/cv_builder.hpp"
#include "drivers/pki/der.hpp"

namespace pki {

namespace {

using base::Bytes;

// Upper bounds of RFC 5280 appendix A.1 (ub-common-name and its siblings).
constexpr std::size_t name_part_chars_max = 64;
constexpr std::uint8_t usage_digital_signature = 0x80;         // bit 0 of KeyUsage
constexpr std::uint8_t usage_certificate_and_crl_sign = 0x06;  // bits 5 and 6

std::string_view signature_oid(crypto::Hash hash) {
    if (hash == crypto::Hash::sha256) return "1.2.840.10045.4.3.2";
    return hash == crypto::Hash::sha384 ? "1.2.840.10045.4.3.3" : "1.2.840.10045.4.3.4";
}

void append_name_part(Bytes& out, std::string_view type, const Bytes& value) {
    base::append(out, tlv(0x31, {tlv(0x30, {oid(type), value})}));
}

Bytes encode_name(const Name& name) {
    Bytes parts;
    if (!name.country.empty()) {
        append_name_part(parts, "2.5.4.6", printable_string(name.country));
    }
    if (!name.organisation.empty()) {
        append_name_part(parts, "2.5.4.10", utf8_string(name.organisation));
    }
    if (!name.unit.empty()) append_name_part(parts, "2.5.4.11", utf8_string(name.unit));
    append_name_part(parts, "2.5.4.3", utf8_string(name.common));
    return tlv(0x30, {parts});
}

bool name_ok(const Name& name) {
    if (!name.country.empty() && name.country.size() != 2) return false;
    if (name.common.empty()) return false;
    const auto fits = [](const std::string& part) { return part.size() <= name_part_chars_max; };
    return fits(name.organisation) && fits(name.unit) && fits(name.common);
}

/// RFC 5280 4.2.1.2, method 1: SHA-1 over the public key's bits. A name for the key, no protection.
Bytes key_identifier(const crypto::Point& key) {
    return crypto::digest(crypto::Hash::sha1, key.bytes);
}

enum class Critical : std::uint8_t { no, yes };

Bytes extension(std::string_view type, Critical critical, const Bytes& value) {
    return tlv(0x30, {oid(type), critical == Critical::yes ? boolean_true() : Bytes{},
                      tlv(0x04, {value})});
}

Bytes alternative_names(const X509Request& request) {
    Bytes names;
    for (const auto& dns : request.dns_names) {
        base::append(names, tlv(0x82, {base::as_bytes(dns)}));
    }
    for (const auto& address : request.ip_addresses) base::append(names, tlv(0x87, {address}));
    return tlv(0x30, {names});
}

Bytes extensions(const X509Request& request, const crypto::Point& issuer_key) {
    const bool authority = request.purpose == X509Purpose::authority;
    Bytes list =
        extension("2.5.29.19", Critical::yes, tlv(0x30, {authority ? boolean_true() : Bytes{}}));
    base::append(list, extension("2.5.29.15", Critical::yes,
                                 named_bits(authority ? usage_certificate_and_crl_sign
                                                      : usage_digital_signature)));
    if (request.purpose == X509Purpose::tls_server) {
        base::append(list,
                     extension("2.5.29.37", Critical::no, tlv(0x30, {oid("1.3.6.1.5.5.7.3.1")})));
    }
    if (request.purpose == X509Purpose::tls_client) {
        base::append(list,
                     extension("2.5.29.37", Critical::no, tlv(0x30, {oid("1.3.6.1.5.5.7.3.2")})));
    }
    if (request.purpose == X509Purpose::tls_peer) {
        base::append(list,
                     extension("2.5.29.37", Critical::no,
                               tlv(0x30, {oid("1.3.6.1.5.5.7.3.1"), oid("1.3.6.1.5.5.7.3.2")})));
    }
    if (!request.dns_names.empty() || !request.ip_addresses.empty()) {
        base::append(list, extension("2.5.29.17", Critical::no, alternative_names(request)));
    }
    base::append(list,
                 extension("2.5.29.14", Critical::no, tlv(0x04, {key_identifier(request.key)})));
    base::append(list, extension("2.5.29.35", Critical::no,
                                 tlv(0x30, {tlv(0x80, {key_identifier(issuer_key)})})));
    return tlv(0xA3, {tlv(0x30, {list})});
}

Bytes serial_number(port::Random& random) {
    std::array<std::uint8_t, 16> serial{};
    random.fill(serial);
    // Never zero and never shorter than 16 bytes, whatever the random source gives.
    serial[0] = static_cast<std::uint8_t>((serial[0] & 0x3FU) | 0x40U);
    return integer(serial);
}

}  // namespace

base::Result<Bytes> build_x509_certificate(const X509Request& request, const X509Issuer& issuer,
                                           port::Random& random) {
    constexpr auto bad = base::Errc::certificate_bad;
    if (!name_ok(request.subject) || !name_ok(issuer.name)) return base::fail(bad, "x509 name");
    if (request.not_after <= request.not_before) return base::fail(bad, "x509 dates");

    const crypto::Hash hash = hash_of(issuer.key.point.curve);
    const Bytes algorithm = tlv(0x30, {oid(signature_oid(hash))});
    const Bytes version3{0x02};
    const Bytes body =
        tlv(0x30, {tlv(0xA0, {integer(version3)}), serial_number(random), algorithm,
                   encode_name(issuer.name),
                   tlv(0x30, {time(request.not_before), time(request.not_after)}),
                   encode_name(request.subject), crypto::write_public_key(request.key),
                   extensions(request, issuer.key.point)});
    TRY(signature, crypto::ecdsa_sign(issuer.key, crypto::digest(hash, body), random));
    return tlv(0x30, {body, algorithm, bit_string(crypto::signature_to_der(signature))});
}

}  // namespace pki
