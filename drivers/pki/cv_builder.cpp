// SPDX-License-Identifier: EUPL-1.2
// Building CV certificates, see cv_builder.hpp.
//   7F21 {
//     7F4E { 5F29 00 | 42 CAR
//            | 7F49 { 06 TA-ECDSA-SHA-x [81 p 82 a 83 b 84 G 85 r] 86 Q [87 f] }
//            | 5F20 CHR | 7F4C { 06 id-AT 53 rights }
//            | 5F25 from | 5F24 to | [65 { 73 .. }] }
//     5F37 signature }
#include "drivers/pki/cv_builder.hpp"

#include <algorithm>
#include <cctype>

#include "drivers/base/check.hpp"
#include "drivers/crypto/ecdsa.hpp"
#include "drivers/pki/der.hpp"

namespace pki {

namespace {

using base::Bytes;

constexpr std::string_view oid_extension_description = "0.4.0.127.0.7.3.1.3.1";
constexpr std::string_view oid_extension_sector = "0.4.0.127.0.7.3.1.3.2";
constexpr std::string_view oid_ri_ecdh_sha_256 = "0.4.0.127.0.7.2.2.5.2.3";

std::string_view oid_ta_ecdsa(crypto::Hash hash) {
    switch (hash) {
        case crypto::Hash::sha256:
            return "0.4.0.127.0.7.2.2.2.2.3";
        case crypto::Hash::sha384:
            return "0.4.0.127.0.7.2.2.2.2.4";
        case crypto::Hash::sha512:
            return "0.4.0.127.0.7.2.2.2.2.5";
        case crypto::Hash::sha1:
        case crypto::Hash::sha224:
            break;  // allowed by the norm, never written here
    }
    CHECK(false);
    return {};
}

/// Country of two letters, mnemonic of 1..9, sequence of 5 digits or letters (TR-03110-3 D.2.2: 16
/// characters at most).
bool reference_ok(std::string_view reference) {
    if (reference.size() < 8 || reference.size() > 16) return false;
    return std::all_of(reference.begin(), reference.end(),
                       [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }) &&
           std::isalpha(static_cast<unsigned char>(reference[0])) != 0 &&
           std::isalpha(static_cast<unsigned char>(reference[1])) != 0;
}

bool date_ok(std::chrono::sys_days day) {
    const int year = static_cast<int>(std::chrono::year_month_day{day}.year());
    return year >= 2000 && year <= 2099;
}

/// Six unpacked digits YYMMDD (D.2.1.3).
Bytes date(std::chrono::sys_days day) {
    const std::chrono::year_month_day ymd{day};
    const auto year = static_cast<unsigned>(static_cast<int>(ymd.year()) - 2000);
    const auto month = static_cast<unsigned>(ymd.month());
    const auto of_month = static_cast<unsigned>(ymd.day());
    Bytes digits;
    for (const unsigned part : {year, month, of_month}) {
        digits.push_back(static_cast<std::uint8_t>(part / 10));
        digits.push_back(static_cast<std::uint8_t>(part % 10));
    }
    return digits;
}

enum class Parameters : std::uint8_t { left_out, included };

/// Public key data object 7F49 (D.3.3).
Bytes public_key(std::string_view algorithm, const crypto::Point& key, Parameters parameters) {
    const Bytes point = tlv(0x86, {key.bytes});
    if (parameters == Parameters::left_out) return tlv(0x7F49, {oid(algorithm), point});
    const auto domain = crypto::domain_parameters(key.curve);
    const Bytes cofactor{static_cast<std::uint8_t>(domain.cofactor)};
    return tlv(0x7F49, {oid(algorithm), tlv(0x81, {domain.prime}), tlv(0x82, {domain.a}),
                        tlv(0x83, {domain.b}), tlv(0x84, {domain.generator}),
                        tlv(0x85, {domain.order}), point, tlv(0x87, {cofactor})});
}

Bytes body(const CvRequest& request) {
    const Bytes profile_version{0x00};
    const auto parameters =
        request.role == eid::Role::cvca ? Parameters::included : Parameters::left_out;
    const Bytes extensions = request.extensions.empty() ? Bytes{} : tlv(0x65, {request.extensions});
    return tlv(
        0x7F4E,
        {tlv(0x5F29, {profile_version}), tlv(0x42, {base::as_bytes(request.authority_reference)}),
         public_key(oid_ta_ecdsa(hash_of(request.key.curve)), request.key, parameters),
         tlv(0x5F20, {base::as_bytes(request.holder_reference)}),
         eid::encode_chat({request.role, request.rights}), tlv(0x5F25, {date(request.effective)}),
         tlv(0x5F24, {date(request.expiration)}), extensions});
}

}  // namespace

crypto::Hash hash_of(crypto::Curve curve) {
    const std::size_t size = crypto::curve_bytes(curve);
    if (size <= 32) return crypto::Hash::sha256;
    return size <= 48 ? crypto::Hash::sha384 : crypto::Hash::sha512;
}

base::Result<Bytes> build_cv_certificate(const CvRequest& request, const crypto::KeyPair& signer,
                                         port::Random& random) {
    constexpr auto bad = base::Errc::certificate_bad;
    if (!reference_ok(request.authority_reference)) return base::fail(bad, "cv authority");
    if (!reference_ok(request.holder_reference)) return base::fail(bad, "cv holder");
    if (!date_ok(request.effective) || !date_ok(request.expiration)) {
        return base::fail(bad, "cv dates");
    }
    if (request.expiration < request.effective) return base::fail(bad, "cv dates");

    const Bytes content = body(request);
    // The issuer's key decides the hash, not the certified one.
    const Bytes digest = crypto::digest(hash_of(signer.point.curve), content);
    TRY(signature, crypto::ecdsa_sign(signer, digest, random));
    return tlv(0x7F21, {content, tlv(0x5F37, {signature})});
}

Bytes encode_sector_key(const crypto::Point& key) {
    return public_key(oid_ri_ecdh_sha_256, key, Parameters::included);
}

Bytes description_extension(crypto::Hash hash, base::ByteView description) {
    return tlv(0x73,
               {oid(oid_extension_description), tlv(0x80, {crypto::digest(hash, description)})});
}

Bytes sector_extension(crypto::Hash hash, const SectorKeys& keys) {
    const Bytes second =
        keys.second.empty() ? Bytes{} : tlv(0x81, {crypto::digest(hash, keys.second)});
    return tlv(0x73,
               {oid(oid_extension_sector), tlv(0x80, {crypto::digest(hash, keys.first)}), second});
}

}  // namespace pki
