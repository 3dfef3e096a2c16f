// SPDX-License-Identifier: EUPL-1.2
#include "drivers/eid/signer_certificate.hpp"

#include "drivers/apdu/oid.hpp"
#include "drivers/apdu/tlv.hpp"
#include "drivers/base/limits.hpp"
#include "drivers/crypto/ecdsa.hpp"
#include "drivers/eid/security_infos.hpp"

namespace eid {
namespace {

constexpr apdu::Tag tag_sequence = 0x30;
constexpr apdu::Tag tag_integer = 0x02;
constexpr apdu::Tag tag_bit_string = 0x03;
constexpr apdu::Tag tag_octet_string = 0x04;
constexpr apdu::Tag tag_oid = 0x06;
constexpr apdu::Tag tag_utc_time = 0x17;
constexpr apdu::Tag tag_generalized_time = 0x18;
constexpr apdu::Tag tag_version = 0xA0;
constexpr apdu::Tag tag_extensions = 0xA3;

auto bad(const char* where) {
    return base::fail(base::Errc::certificate_bad, where);
}

base::Bytes copy(base::ByteView bytes) {
    return {bytes.begin(), bytes.end()};
}

base::Result<apdu::Tlv> expect(apdu::TlvReader& reader, apdu::Tag tag, const char* where) {
    const auto object = reader.take_if(tag);
    if (!object) return bad(where);
    return *object;
}

/// The day of a time; hours do not matter to a check against a time floor of whole days. RFC
/// 5280 4.1.2.5.1: two-digit years from 50 on are of the last century.
std::optional<Date> read_time(apdu::TlvReader& reader) {
    if (const auto time = reader.take_if(tag_utc_time)) {
        if (time->value.size() < 6) return std::nullopt;
        base::Bytes whole = copy(base::as_bytes(time->value[0] >= '5' ? "19" : "20"));
        base::append(whole, time->value.first(6));
        return parse_date(whole);
    }
    const auto time = reader.take_if(tag_generalized_time);
    if (!time || time->value.size() < 8) return std::nullopt;
    return parse_date(time->value.first(8));
}

/// The value of the subjectKeyIdentifier extension, or empty.
base::Bytes find_key_id(base::ByteView extensions) {
    const auto list = apdu::only(extensions, tag_sequence, apdu::Rules::der);
    if (!list) return {};
    apdu::TlvReader reader(*list, apdu::Rules::der);
    while (const auto extension = reader.take_if(tag_sequence)) {
        const auto id = apdu::find(extension->value, tag_oid, apdu::Rules::der);
        const auto value = apdu::find(extension->value, tag_octet_string, apdu::Rules::der);
        if (!id || !value || !base::equal(id->value, apdu::oid::subject_key_id)) continue;
        const auto key_id = apdu::only(value->value, tag_octet_string, apdu::Rules::der);
        if (key_id) return copy(*key_id);
    }
    return {};
}

base::Result<void> read_signed_part(base::ByteView content, SignerCertificate& out) {
    apdu::TlvReader reader(content, apdu::Rules::der);
    (void)reader.take_if(tag_version);  // all versions have the fields we read
    TRY(serial, expect(reader, tag_integer, "x509 serial"));
    TRY_VOID(expect(reader, tag_sequence, "x509 inner algorithm"));
    TRY(issuer, expect(reader, tag_sequence, "x509 issuer"));
    TRY(validity, expect(reader, tag_sequence, "x509 validity"));
    TRY(subject, expect(reader, tag_sequence, "x509 subject"));
    TRY(key_info, expect(reader, tag_sequence, "x509 key"));
    apdu::TlvReader times(validity.value, apdu::Rules::der);
    const auto not_before = read_time(times);
    const auto not_after = read_time(times);
    if (!not_before || !not_after) return bad("x509 validity");
    TRY(key, parse_public_key_info(key_info.whole));
    out.serial = copy(serial.value);
    out.issuer = copy(issuer.whole);
    out.subject = copy(subject.whole);
    out.not_before = *not_before;
    out.not_after = *not_after;
    out.key = std::move(key);
    while (!reader.at_end()) {
        const auto object = reader.next();
        if (!object) return bad("x509 trailing");
        if (object->tag == tag_extensions) out.subject_key_id = find_key_id(object->value);
    }
    return {};
}

}  // namespace

base::Result<SignerCertificate> parse_signer_certificate(base::ByteView der) {
    if (der.size() > limits::certificate_bytes_max) return bad("x509 size");
    apdu::TlvReader outer(der, apdu::Rules::der);
    TRY(certificate, expect(outer, tag_sequence, "x509"));
    if (!outer.at_end()) return bad("x509 trailing");
    apdu::TlvReader reader(certificate.value, apdu::Rules::der);
    TRY(signed_part, expect(reader, tag_sequence, "x509 signed part"));
    TRY(algorithm, expect(reader, tag_sequence, "x509 algorithm"));
    TRY(signature, expect(reader, tag_bit_string, "x509 signature"));
    if (!reader.at_end()) return bad("x509 trailing");
    const auto hash = hash_of_signature_algorithm(algorithm.whole);
    if (!hash) return base::fail(base::Errc::protocol_unsupported, "x509 algorithm");
    if (signature.value.empty() || signature.value[0] != 0) return bad("x509 signature bits");
    SignerCertificate out{};
    out.signature_hash = *hash;
    out.signed_part = copy(signed_part.whole);
    out.signature = copy(signature.value.subspan(1));
    TRY_VOID(read_signed_part(signed_part.value, out));
    return out;
}

std::optional<crypto::Hash> hash_of_signature_algorithm(base::ByteView identifier) {
    const auto content = apdu::only(identifier, tag_sequence);
    if (!content) return std::nullopt;
    apdu::TlvReader reader(*content);
    const auto id = reader.take_if(tag_oid);
    if (!id || id->value.empty()) return std::nullopt;
    using crypto::Hash;
    if (base::equal(id->value, apdu::oid::ecdsa_sha1)) return Hash::sha1;
    const base::ByteView prefix = id->value.first(id->value.size() - 1);
    const unsigned last = id->value.back();
    if (base::equal(prefix, apdu::oid::ecdsa_sha2)) {
        constexpr std::array<Hash, 4> hashes = {Hash::sha224, Hash::sha256, Hash::sha384,
                                                Hash::sha512};
        if (last >= 1 && last <= hashes.size()) return hashes[last - 1];
    }
    if (base::equal(prefix, apdu::oid::ecdsa_plain)) {
        constexpr std::array<Hash, 5> hashes = {Hash::sha1, Hash::sha224, Hash::sha256,
                                                Hash::sha384, Hash::sha512};
        if (last >= 1 && last <= hashes.size()) return hashes[last - 1];
    }
    return std::nullopt;
}

std::optional<crypto::Hash> hash_of_digest_algorithm(base::ByteView identifier) {
    const auto content = apdu::only(identifier, tag_sequence);
    if (!content) return std::nullopt;
    apdu::TlvReader reader(*content);
    const auto id = reader.take_if(tag_oid);
    if (!id) return std::nullopt;
    using crypto::Hash;
    if (base::equal(id->value, apdu::oid::sha1)) return Hash::sha1;
    if (base::equal(id->value, apdu::oid::sha224)) return Hash::sha224;
    if (base::equal(id->value, apdu::oid::sha256)) return Hash::sha256;
    if (base::equal(id->value, apdu::oid::sha384)) return Hash::sha384;
    if (base::equal(id->value, apdu::oid::sha512)) return Hash::sha512;
    return std::nullopt;
}

bool verify_signature(const crypto::Point& key, crypto::Hash hash, base::ByteView data,
                      base::ByteView signature) {
    const base::Bytes digest = crypto::digest(hash, data);
    if (const auto plain = crypto::signature_from_der(key.curve, signature)) {
        return crypto::ecdsa_verify(key, digest, *plain);
    }
    return crypto::ecdsa_verify(key, digest, signature);
}

}  // namespace eid
