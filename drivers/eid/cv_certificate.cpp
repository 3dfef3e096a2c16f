// SPDX-License-Identifier: EUPL-1.2
#include "drivers/eid/cv_certificate.hpp"

#include <algorithm>
#include <array>

#include "drivers/apdu/oid.hpp"
#include "drivers/apdu/tlv.hpp"
#include "drivers/base/limits.hpp"
#include "drivers/crypto/ecdsa.hpp"

namespace eid {
namespace {

constexpr apdu::Tag tag_certificate = 0x7F21;
constexpr apdu::Tag tag_body = 0x7F4E;
constexpr apdu::Tag tag_signature = 0x5F37;
constexpr apdu::Tag tag_profile = 0x5F29;
constexpr apdu::Tag tag_authority = 0x42;
constexpr apdu::Tag tag_key = 0x7F49;
constexpr apdu::Tag tag_holder = 0x5F20;
constexpr apdu::Tag tag_chat = 0x7F4C;
constexpr apdu::Tag tag_effective = 0x5F25;
constexpr apdu::Tag tag_expiration = 0x5F24;
constexpr apdu::Tag tag_extensions = 0x65;
constexpr apdu::Tag tag_template = 0x73;
constexpr apdu::Tag tag_oid = 0x06;

// Country 2, mnemonic 1..9 and sequence 5 characters (A.7.1, table 15).
constexpr std::size_t reference_bytes_min = 8;
constexpr std::size_t reference_bytes_max = 16;

auto bad(const char* where) {
    return base::fail(base::Errc::certificate_bad, where);
}

/// The reader's errors speak of card answers; here the bytes are a certificate.
base::Result<base::ByteView> expect(apdu::TlvReader& reader, apdu::Tag tag, const char* where) {
    const auto object = reader.take_if(tag);
    if (!object) return bad(where);
    return object->value;
}

base::Result<std::string> read_reference(apdu::TlvReader& reader, apdu::Tag tag) {
    TRY(value, expect(reader, tag, "cvc reference"));
    if (value.size() < reference_bytes_min || value.size() > reference_bytes_max) {
        return bad("cvc reference length");
    }
    return std::string(base::as_text(value));
}

base::Result<Date> read_date(apdu::TlvReader& reader, apdu::Tag tag) {
    TRY(value, expect(reader, tag, "cvc date"));
    const auto date = parse_certificate_date(value);
    if (!date) return bad("cvc date value");
    return *date;
}

std::optional<crypto::Hash> hash_of(base::ByteView algorithm) {
    constexpr std::array<crypto::Hash, 5> hashes = {crypto::Hash::sha1, crypto::Hash::sha224,
                                                    crypto::Hash::sha256, crypto::Hash::sha384,
                                                    crypto::Hash::sha512};
    const auto& prefix = apdu::oid::ta_ecdsa;
    if (algorithm.size() != prefix.size() + 1 || !apdu::oid_starts_with(algorithm, prefix)) {
        return std::nullopt;
    }
    const unsigned suffix = algorithm.back();
    if (suffix < 1 || suffix > hashes.size()) return std::nullopt;
    return hashes[suffix - 1];
}

base::Bytes copy(base::ByteView bytes) {
    return {bytes.begin(), bytes.end()};
}

/// D.3.3: all domain parameters (cofactor optional) or none of them, order fixed.
base::Result<CvPublicKey> read_key(base::ByteView content) {
    apdu::TlvReader reader(content, apdu::Rules::der);
    CvPublicKey key;
    TRY(algorithm, expect(reader, tag_oid, "cvc key algorithm"));
    const auto hash = hash_of(algorithm);
    if (!hash) return bad("cvc key algorithm unknown");
    key.algorithm = copy(algorithm);
    key.hash = *hash;
    crypto::DomainParameters parameters;
    const auto prime = reader.take_if(0x81);
    if (prime) {
        TRY(a, expect(reader, 0x82, "cvc key a"));
        TRY(b, expect(reader, 0x83, "cvc key b"));
        TRY(generator, expect(reader, 0x84, "cvc key generator"));
        TRY(order, expect(reader, 0x85, "cvc key order"));
        parameters = {copy(prime->value), copy(a), copy(b), copy(generator), copy(order), 1};
    }
    TRY(point, expect(reader, 0x86, "cvc key point"));
    key.point = copy(point);
    if (const auto cofactor = reader.take_if(0x87); cofactor && prime) {
        const bool one = cofactor->value.size() == 1 && cofactor->value[0] == 1;
        parameters.cofactor = one ? 1 : 0;
    }
    if (!reader.at_end()) return bad("cvc key trailing");
    if (prime) {
        key.curve = crypto::recognise(parameters);
        if (!key.curve) return bad("cvc key curve unknown");
        if (!crypto::parse_point(*key.curve, key.point)) return bad("cvc key off curve");
    }
    return key;
}

/// Extensions are never critical (C.3): unknown ones are passed over.
base::Result<void> read_extensions(base::ByteView content, CvCertificate& out) {
    apdu::TlvReader reader(content, apdu::Rules::der);
    while (!reader.at_end()) {
        TRY(entry, expect(reader, tag_template, "cvc extension"));
        apdu::TlvReader inner(entry, apdu::Rules::der);
        TRY(id, expect(inner, tag_oid, "cvc extension id"));
        if (base::equal(id, apdu::oid::description_extension)) {
            TRY(hash, expect(inner, 0x80, "cvc description"));
            out.description_hash = copy(hash);
        } else if (base::equal(id, apdu::oid::sector_extension)) {
            TRY(first, expect(inner, 0x80, "cvc sector"));
            out.sector_hashes = {copy(first)};
            if (const auto second = inner.take_if(0x81)) {
                out.sector_hashes.push_back(copy(second->value));
            }
        }
    }
    return {};
}

base::Result<void> read_body(base::ByteView content, CvCertificate& out) {
    apdu::TlvReader reader(content, apdu::Rules::der);
    TRY(profile, expect(reader, tag_profile, "cvc profile"));
    if (profile.size() != 1 || profile[0] != 0) return bad("cvc profile version");
    TRY(authority, read_reference(reader, tag_authority));
    TRY(key_content, expect(reader, tag_key, "cvc key"));
    TRY(key, read_key(key_content));
    TRY(holder, read_reference(reader, tag_holder));
    TRY(chat_content, expect(reader, tag_chat, "cvc chat"));
    TRY(chat, parse_chat(chat_content));
    TRY(effective, read_date(reader, tag_effective));
    TRY(expiration, read_date(reader, tag_expiration));
    if (expiration < effective) return bad("cvc dates");
    out.authority_reference = std::move(authority);
    out.holder_reference = std::move(holder);
    out.key = std::move(key);
    out.chat = chat;
    out.effective = effective;
    out.expiration = expiration;
    if (const auto extensions = reader.take_if(tag_extensions)) {
        TRY_VOID(read_extensions(extensions->value, out));
    }
    if (!reader.at_end()) return bad("cvc body trailing");
    return {};
}

/// DV certificates do not name their curve: of those that the point lies on, one must verify.
bool has_signed(const CvCertificate& issuer, const CvCertificate& certificate) {
    using crypto::Curve;
    for (const Curve curve : {Curve::brainpool_p256r1, Curve::p256, Curve::brainpool_p384r1,
                              Curve::p384, Curve::brainpool_p512r1, Curve::p521}) {
        if (certificate.signature.size() != 2 * crypto::curve_bytes(curve)) continue;
        const auto key = crypto::parse_point(curve, issuer.key.point);
        if (key && verify_cv_signature(certificate, *key, issuer.key.hash)) return true;
    }
    return false;
}

bool may_issue(Role issuer, Role holder) {
    if (issuer == Role::cvca) return holder != Role::terminal;
    return issuer != Role::terminal && holder == Role::terminal;
}

}  // namespace

base::Bytes CvCertificate::card_form() const {
    return base::concat({body, apdu::tlv(tag_signature, base::ByteView(signature))});
}

base::Result<CvCertificate> parse_cv_certificate(base::ByteView der) {
    if (der.size() > limits::certificate_bytes_max) return bad("cvc size");
    apdu::TlvReader outer(der, apdu::Rules::der);
    const auto certificate = outer.take_if(tag_certificate);
    if (!certificate || !outer.at_end()) return bad("cvc");
    apdu::TlvReader reader(certificate->value, apdu::Rules::der);
    const auto body = reader.take_if(tag_body);
    if (!body) return bad("cvc body");
    TRY(signature, expect(reader, tag_signature, "cvc signature"));
    if (!reader.at_end()) return bad("cvc trailing");
    CvCertificate out;
    out.whole = copy(der);
    out.body = copy(body->whole);
    out.signature = copy(signature);
    TRY_VOID(read_body(body->value, out));
    return out;
}

bool verify_cv_signature(const CvCertificate& certificate, const crypto::Point& issuer_key,
                         crypto::Hash issuer_hash) {
    return crypto::ecdsa_verify(issuer_key, crypto::digest(issuer_hash, certificate.body),
                                certificate.signature);
}

base::Result<Rights> verify_cv_chain(const std::vector<const CvCertificate*>& from_cvca,
                                     std::optional<Date> today) {
    const auto broken = [](const char* where) {
        return base::fail(base::Errc::certificate_chain_bad, where);
    };
    if (from_cvca.empty() || from_cvca.size() > limits::certificate_chain_length_max) {
        return broken("chain length");
    }
    Rights rights{rights_mask};
    std::optional<crypto::Curve> curve;
    const CvCertificate* issuer = nullptr;
    for (const CvCertificate* certificate : from_cvca) {
        if (issuer == nullptr) {
            if (!certificate->key.curve) return broken("chain start without parameters");
            curve = certificate->key.curve;
        } else {
            if (certificate->authority_reference != issuer->holder_reference) {
                return broken("chain reference");
            }
            if (!may_issue(issuer->chat.role, certificate->chat.role)) return broken("chain role");
            const auto key = crypto::parse_point(*curve, issuer->key.point);
            if (!key || !verify_cv_signature(*certificate, *key, issuer->key.hash)) {
                return broken("chain signature");
            }
            if (certificate->key.curve) curve = certificate->key.curve;
        }
        if (today && (*today < certificate->effective || *today > certificate->expiration)) {
            return base::fail(base::Errc::certificate_expired, "chain dates");
        }
        rights = rights & certificate->chat.rights;
        issuer = certificate;
    }
    return rights;
}

std::vector<const CvCertificate*> issuers_of(const CvCertificate& certificate,
                                             const std::vector<CvCertificate>& pool) {
    std::vector<const CvCertificate*> issuers;
    for (const CvCertificate& candidate : pool) {
        const bool named = candidate.holder_reference == certificate.authority_reference;
        if (named && !candidate.self_signed()) issuers.push_back(&candidate);
    }
    if (issuers.size() < 2) return issuers;
    // Renewed or foreign certificates may carry the same name: the signature decides, and among
    // certificates of the same key the one that lasts longest.
    std::ranges::stable_sort(issuers, std::ranges::greater{}, [](const auto* issuer) {
        return std::chrono::sys_days(issuer->expiration);
    });
    std::erase_if(issuers, [&](const auto* issuer) { return !has_signed(*issuer, certificate); });
    return issuers;
}

base::Result<std::vector<const CvCertificate*>> find_path(
    const CvCertificate& terminal, const std::vector<CvCertificate>& pool,
    const std::vector<std::string>& card_references) {
    struct Node {
        const CvCertificate* certificate;
        std::size_t below;  // index of the certificate it has issued
        std::size_t length;
    };
    // Breadth first: the shortest path wins, and no certificate is looked at twice.
    std::vector<Node> nodes{{&terminal, 0, 1}};
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const Node node = nodes[i];
        if (std::ranges::find(card_references, node.certificate->authority_reference) !=
            card_references.end()) {
            std::vector<const CvCertificate*> path{node.certificate};
            for (std::size_t at = i; at != 0;) {
                at = nodes[at].below;
                path.push_back(nodes[at].certificate);
            }
            return path;
        }
        if (node.length == limits::certificate_chain_length_max) continue;
        for (const CvCertificate* issuer : issuers_of(*node.certificate, pool)) {
            const bool known = std::ranges::find(nodes, issuer, &Node::certificate) != nodes.end();
            if (!known) nodes.push_back({issuer, i, node.length + 1});
        }
    }
    return base::fail(base::Errc::certificate_chain_bad, "find path");
}

}  // namespace eid
