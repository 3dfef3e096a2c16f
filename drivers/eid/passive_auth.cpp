// SPDX-License-Identifier: EUPL-1.2
#include "drivers/eid/passive_auth.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "drivers/apdu/oid.hpp"
#include "drivers/apdu/tlv.hpp"
#include "drivers/base/limits.hpp"

namespace eid {
namespace {

constexpr apdu::Tag tag_sequence = 0x30;
constexpr apdu::Tag tag_set = 0x31;
constexpr apdu::Tag tag_integer = 0x02;
constexpr apdu::Tag tag_octet_string = 0x04;
constexpr apdu::Tag tag_oid = 0x06;
constexpr apdu::Tag tag_context_0 = 0xA0;
constexpr apdu::Tag tag_context_1 = 0xA1;
constexpr apdu::Tag tag_key_id = 0x80;
// A card carries its document signer, at most with the issuer beside it.
constexpr std::size_t certificates_max = 8;

auto bad(const char* where) {
    return base::fail(base::Errc::passive_auth_failed, where);
}

base::Bytes copy(base::ByteView bytes) {
    return {bytes.begin(), bytes.end()};
}

base::Result<apdu::Tlv> expect(apdu::TlvReader& reader, apdu::Tag tag, const char* where) {
    const auto object = reader.take_if(tag);
    if (!object) return bad(where);
    return *object;
}

/// The object of `tag` that a value consists of.
base::Result<base::ByteView> inside(base::ByteView value, apdu::Tag tag, const char* where) {
    const auto content = apdu::only(value, tag, apdu::Rules::der);
    if (!content) return bad(where);
    return *content;
}

/// The parts of SignedData that are needed, still as bytes.
struct Parts {
    base::ByteView content;
    base::ByteView certificates;
    base::ByteView signer_infos;
};

base::Result<Parts> read_signed_data(base::ByteView bytes) {
    TRY(content_info, inside(bytes, tag_sequence, "cms"));
    apdu::TlvReader outer(content_info, apdu::Rules::der);
    TRY(type, expect(outer, tag_oid, "cms type"));
    if (!base::equal(type.value, apdu::oid::signed_data)) return bad("cms type");
    TRY(wrapped, expect(outer, tag_context_0, "cms content"));
    TRY(signed_data, inside(wrapped.value, tag_sequence, "cms signed data"));
    apdu::TlvReader reader(signed_data, apdu::Rules::der);
    TRY(version, expect(reader, tag_integer, "cms version"));
    if (!base::equal(version.value, base::Bytes{3})) return bad("cms version");
    TRY_VOID(expect(reader, tag_set, "cms digest algorithms"));
    TRY(encapsulated, expect(reader, tag_sequence, "cms encapsulated"));
    TRY(certificates, expect(reader, tag_context_0, "cms certificates"));
    (void)reader.take_if(tag_context_1);  // revocation lists on a card are older than ours
    TRY(signers, expect(reader, tag_set, "cms signers"));
    if (!reader.at_end() || !outer.at_end()) return bad("cms trailing");

    apdu::TlvReader inner(encapsulated.value, apdu::Rules::der);
    TRY(content_type, expect(inner, tag_oid, "cms content type"));
    if (!base::equal(content_type.value, apdu::oid::security_object))
        return bad("cms content type");
    TRY(content_wrapped, expect(inner, tag_context_0, "cms content"));
    TRY(content, inside(content_wrapped.value, tag_octet_string, "cms content"));
    return Parts{content, certificates.value, signers.value};
}

/// What names the signer's certificate: issuer and serial number, or a key id.
struct SignerId {
    base::ByteView issuer;
    base::ByteView serial;
    base::ByteView key_id;

    [[nodiscard]] bool names(const SignerCertificate& certificate) const {
        if (!key_id.empty()) return base::equal(key_id, certificate.subject_key_id);
        return base::equal(issuer, certificate.issuer) && base::equal(serial, certificate.serial);
    }
};

base::Result<SignerId> read_signer_id(apdu::TlvReader& reader) {
    SignerId id;
    if (const auto key_id = reader.take_if(tag_key_id)) {
        if (key_id->value.empty()) return bad("cms key id");
        id.key_id = key_id->value;
        return id;
    }
    TRY(names, expect(reader, tag_sequence, "cms signer id"));
    apdu::TlvReader inner(names.value, apdu::Rules::der);
    TRY(issuer, expect(inner, tag_sequence, "cms issuer"));
    TRY(serial, expect(inner, tag_integer, "cms serial"));
    id.issuer = issuer.whole;
    id.serial = serial.value;
    return id;
}

/// RFC 5652 5.4: content type and message digest must be there, once each, with one value.
base::Result<base::Bytes> read_attributes(base::ByteView attributes) {
    std::optional<base::Bytes> digest;
    bool type_fits = false;
    apdu::TlvReader reader(attributes, apdu::Rules::der);
    while (!reader.at_end()) {
        TRY(attribute, expect(reader, tag_sequence, "cms attribute"));
        apdu::TlvReader inner(attribute.value, apdu::Rules::der);
        TRY(type, expect(inner, tag_oid, "cms attribute type"));
        TRY(values, expect(inner, tag_set, "cms attribute values"));
        if (base::equal(type.value, apdu::oid::content_type)) {
            TRY(value, inside(values.value, tag_oid, "cms attribute content type"));
            if (type_fits || !base::equal(value, apdu::oid::security_object)) {
                return bad("cms attribute content type");
            }
            type_fits = true;
        } else if (base::equal(type.value, apdu::oid::message_digest)) {
            TRY(value, inside(values.value, tag_octet_string, "cms attribute digest"));
            if (digest) return bad("cms attribute digest");
            digest = copy(value);
        }
    }
    if (!type_fits || !digest) return bad("cms attributes");
    return std::move(*digest);
}

/// Other certificates in the set may be of kinds that we do not read (RSA, other curves).
base::Result<SignerCertificate> find_signer(base::ByteView certificates, const SignerId& id) {
    std::optional<base::Error> unreadable;
    apdu::TlvReader reader(certificates, apdu::Rules::der);
    for (std::size_t i = 0; i < certificates_max && !reader.at_end(); ++i) {
        TRY(object, expect(reader, tag_sequence, "cms certificate"));
        auto certificate = parse_signer_certificate(object.whole);
        if (certificate && id.names(*certificate)) return std::move(*certificate);
        if (!certificate && !unreadable) unreadable = certificate.error();
    }
    if (unreadable) return tl::unexpected(*unreadable);
    return bad("cms signer certificate");
}

base::Result<void> read_signer(base::ByteView signer_infos, base::ByteView certificates,
                               CardSecurity& out) {
    TRY(signer, inside(signer_infos, tag_sequence, "cms one signer"));
    apdu::TlvReader reader(signer, apdu::Rules::der);
    TRY_VOID(expect(reader, tag_integer, "cms signer version"));
    TRY(id, read_signer_id(reader));
    TRY(digest_algorithm, expect(reader, tag_sequence, "cms digest algorithm"));
    const auto attributes = reader.take_if(tag_context_0);
    TRY(signature_algorithm, expect(reader, tag_sequence, "cms signature algorithm"));
    TRY(signature, expect(reader, tag_octet_string, "cms signature"));
    const auto digest_hash = hash_of_digest_algorithm(digest_algorithm.whole);
    const auto signature_hash = hash_of_signature_algorithm(signature_algorithm.whole);
    if (!digest_hash || !signature_hash) {
        return base::fail(base::Errc::protocol_unsupported, "cms algorithm");
    }
    out.digest_hash = *digest_hash;
    out.signature_hash = *signature_hash;
    out.signature = copy(signature.value);
    if (!attributes) return bad("cms attributes missing");
    TRY(digest, read_attributes(attributes->value));
    out.message_digest = std::move(digest);
    out.signed_attributes = apdu::tlv(tag_set, attributes->value);
    TRY(certificate, find_signer(certificates, id));
    out.signer = std::move(certificate);
    return {};
}

/// True if one of the trusted certificates has issued `signer`.
base::Result<bool> issued_by_trusted(const SignerCertificate& signer,
                                     const std::vector<base::Bytes>& trusted) {
    for (const base::Bytes& der : trusted) {
        const auto issuer = parse_signer_certificate(der);
        if (!issuer) {
            // Countries also sign with RSA; such an authority has not issued what we can read.
            if (issuer.error().code == base::Errc::protocol_unsupported) continue;
            return bad("trust list");
        }
        if (!base::equal(issuer->subject, signer.issuer)) continue;
        if (verify_signature(issuer->key, signer.signature_hash, signer.signed_part,
                             signer.signature)) {
            return true;
        }
    }
    return false;
}

}  // namespace

base::Result<CardSecurity> parse_card_security(base::ByteView bytes) {
    if (bytes.size() > limits::card_file_bytes_max) return bad("cms size");
    // Files may be padded behind the object.
    const auto size = apdu::announced_bytes(bytes);
    if (!size || *size > bytes.size()) return bad("cms cut");
    TRY(parts, read_signed_data(bytes.first(*size)));
    CardSecurity out{};
    out.content = copy(parts.content);
    TRY_VOID(read_signer(parts.signer_infos, parts.certificates, out));
    return out;
}

base::Result<PassiveAuthResult> verify_card_security(base::ByteView bytes,
                                                     const std::vector<base::Bytes>& trusted) {
    TRY(security, parse_card_security(bytes));
    if (!base::equal(crypto::digest(security.digest_hash, security.content),
                     security.message_digest)) {
        return bad("content digest");
    }
    if (!verify_signature(security.signer.key, security.signature_hash, security.signed_attributes,
                          security.signature)) {
        return bad("content signature");
    }
    PassiveAuthResult result;
    if (!trusted.empty()) {
        TRY(issued, issued_by_trusted(security.signer, trusted));
        if (!issued) return bad("signer not trusted");
        result.level = PassiveAuthLevel::verified;
    }
    TRY(infos, parse_security_infos(security.content));
    result.infos = std::move(infos);
    return result;
}

base::Result<void> check_card_access(const PaceInfo& used, const SecurityInfos& signed_infos) {
    // TR-03110-3 A.1.2.2: EF.CardSecurity contains all that EF.CardAccess does.
    if (std::ranges::find(signed_infos.pace, used) == signed_infos.pace.end()) {
        return bad("card access not confirmed");
    }
    return {};
}

}  // namespace eid
