// SPDX-License-Identifier: EUPL-1.2
// Certificate description, see certificate_description.hpp.
//   SEQUENCE { OID type, [1] UTF8String issuerName, [2] PrintableString issuerURL?,
//              [3] UTF8String subjectName, [4] PrintableString subjectURL?, [5] terms }
// All tags are explicit.
#include "drivers/pki/certificate_description.hpp"

#include "drivers/pki/der.hpp"

namespace pki {

namespace {

constexpr std::string_view plain_format = "0.4.0.127.0.7.3.1.3.1.1";

base::Bytes optional_url(std::uint32_t tag, std::string_view url) {
    return url.empty() ? base::Bytes{} : tlv(tag, {printable_string(url)});
}

}  // namespace

base::Bytes encode(const CertificateDescription& description) {
    return tlv(0x30, {oid(plain_format), tlv(0xA1, {utf8_string(description.issuer_name)}),
                      optional_url(0xA2, description.issuer_url),
                      tlv(0xA3, {utf8_string(description.subject_name)}),
                      optional_url(0xA4, description.subject_url),
                      tlv(0xA5, {utf8_string(description.terms_of_usage)})});
}

}  // namespace pki
