// SPDX-License-Identifier: EUPL-1.2
// Making certificates for tests: see certificate_maker.hpp.
#include "tests/card/certificate_maker.hpp"

#include "tests/card/oid.hpp"
#include "tests/card/tlv.hpp"

namespace card {
namespace {

Bytes date_digits(Date date) {
    Bytes digits;
    for (Date divisor = 100000; divisor > 0; divisor /= 10) {
        digits.push_back(static_cast<std::uint8_t>(date / divisor % 10));
    }
    return digits;
}

Bytes key_content(View identifier, View point, Parameters parameters) {
    if (parameters == Parameters::absent) {
        return join({tlv(0x06, identifier), tlv(0x86, point)});
    }
    const DomainParameters domain = Curve::brainpool_256().parameters();
    return join({tlv(0x06, identifier), tlv(0x81, domain.prime), tlv(0x82, domain.a),
                 tlv(0x83, domain.b), tlv(0x84, domain.generator), tlv(0x85, domain.order),
                 tlv(0x86, point), tlv(0x87, domain.cofactor)});
}

}  // namespace

Bytes make_certificate(const CertificateRequest& request, View holder_point, View issuer_scalar) {
    const Bytes signature_id = join({oid::ta_ecdsa, Bytes{3}});
    const Bytes version{0};
    Bytes content =
        join({tlv(0x5F29, version), tlv_text(0x42, request.authority),
              tlv(0x7F49, key_content(signature_id, holder_point, request.parameters)),
              tlv_text(0x5F20, request.holder), encode_chat({request.role, request.rights}),
              tlv(0x5F25, date_digits(request.effective)),
              tlv(0x5F24, date_digits(request.expiration))});
    if (!request.extensions.empty()) content = join({content, tlv(0x65, request.extensions)});
    const Bytes body = tlv(0x7F4E, content);
    const Bytes signature = Curve::brainpool_256().sign(HashId::sha_256, body, issuer_scalar);
    return tlv(0x7F21, {body, tlv(0x5F37, signature)});
}

Bytes sector_key_content(View point) {
    return key_content(oid::ri_ecdh_sha_256, point, Parameters::present);
}

Bytes sector_extension(View first_content, View second_content) {
    Bytes content = tlv(0x06, oid::sector);
    const auto add = [&content](std::uint32_t tag, View key) {
        if (key.empty()) return;
        content = join({content, tlv(tag, hash(HashId::sha_256, tlv(0x7F49, key)))});
    };
    add(0x80, first_content);
    add(0x81, second_content);
    return tlv(0x73, content);
}

TestPki::TestPki()
    : cvca_key(generate_key(curve)),
      dv_key(generate_key(curve)),
      terminal_key(generate_key(curve)),
      first_sector(generate_key(curve)),
      second_sector(generate_key(curve)) {
    cvca_request = {.role = Role::cvca,
                    .authority = "DETESTCVCA00001",
                    .holder = "DETESTCVCA00001",
                    .extensions = {},
                    .parameters = Parameters::present};
    dv_request = {.role = Role::dv_domestic,
                  .authority = "DETESTCVCA00001",
                  .holder = "DETESTDV00001",
                  .extensions = {}};
    terminal_request = {
        .role = Role::terminal,
        .authority = "DETESTDV00001",
        .holder = "DETESTTERM00001",
        .extensions = sector_extension(sector_key_content(first_sector.point),
                                       sector_key_content(second_sector.point)),
    };
}

Bytes TestPki::cvca() const {
    return make_certificate(cvca_request, cvca_key.point, cvca_key.scalar);
}
Bytes TestPki::dv() const {
    return make_certificate(dv_request, dv_key.point, cvca_key.scalar);
}
Bytes TestPki::terminal() const {
    return make_certificate(terminal_request, terminal_key.point, dv_key.scalar);
}

}  // namespace card
