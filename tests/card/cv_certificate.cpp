// SPDX-License-Identifier: EUPL-1.2
// Reading card-verifiable certificates: see cv_certificate.hpp.
//   7F4E  5F29 00 | 42 CAR | 7F49 key | 5F20 CHR | 7F4C CHAT | 5F25 from | 5F24 to | 65 extensions
#include "tests/card/cv_certificate.hpp"

#include <array>
#include <cctype>

#include "tests/card/oid.hpp"
#include "tests/card/tlv.hpp"

namespace card {
namespace {

// Country (2 letters), mnemonic (0..9), sequence number (5 letters or digits).
bool is_reference(View text) {
    if (text.size() < 7 || text.size() > 16) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] < 0x20 || text[i] == 0x7F) return false;
        if (i < 2 && std::isupper(text[i]) == 0) return false;
        if (i + 5 >= text.size() && std::isalnum(text[i]) == 0) return false;
    }
    return true;
}

std::optional<HashId> signature_hash(View identifier) {
    if (identifier.size() != oid::ta_ecdsa.size() + 1) return std::nullopt;
    if (!same(identifier.first(oid::ta_ecdsa.size()), oid::ta_ecdsa)) return std::nullopt;
    switch (identifier.back()) {
        case 1:
            return HashId::sha_1;
        case 2:
            return HashId::sha_224;
        case 3:
            return HashId::sha_256;
        case 4:
            return HashId::sha_384;
        case 5:
            return HashId::sha_512;
        default:
            return std::nullopt;
    }
}

// 06 oid | 86 point, or 06 | 81 p | 82 a | 83 b | 84 G | 85 n | 86 point | 87 cofactor.
std::optional<CvPublicKey> parse_key(View content) {
    const auto objects = parse_tlv(content);
    if (!objects || objects->empty()) return std::nullopt;
    constexpr std::array<std::uint32_t, 8> full{0x06, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87};
    constexpr std::array<std::uint32_t, 2> brief{0x06, 0x86};
    const auto has_tags = [&](const auto& tags) {
        if (objects->size() != tags.size()) return false;
        for (std::size_t i = 0; i < tags.size(); ++i) {
            if ((*objects)[i].tag != tags[i] || (*objects)[i].value.empty()) return false;
        }
        return true;
    };
    CvPublicKey key;
    const auto id = objects->front().tag == 0x06 ? signature_hash(objects->front().value)
                                                 : std::optional<HashId>{};
    if (!id) return std::nullopt;
    key.hash = *id;
    key.oid = to_bytes(objects->front().value);
    const auto at = [&](std::size_t index) { return to_bytes((*objects)[index].value); };
    if (has_tags(full)) {
        key.parameters = DomainParameters{at(1), at(2), at(3), at(4), at(5), at(7)};
        key.point = at(6);
    } else if (has_tags(brief)) {
        key.point = at(1);
    } else {
        return std::nullopt;
    }
    return key;
}

// 65: discretionary data templates 73 { 06 oid, ... }; unknown ones are allowed and ignored.
bool parse_extensions(View content, CvCertificate& certificate) {
    const auto templates = parse_tlv(content);
    if (!templates || templates->empty()) return false;
    for (const Tlv& extension : *templates) {
        const auto objects = parse_tlv(extension.value);
        if (extension.tag != 0x73 || !objects || objects->empty()) return false;
        if (objects->front().tag != 0x06) return false;
        if (!same(objects->front().value, oid::sector)) continue;
        if (const Tlv* first = find(*objects, 0x80)) {
            certificate.first_sector_hash = to_bytes(first->value);
        }
        if (const Tlv* second = find(*objects, 0x81)) {
            certificate.second_sector_hash = to_bytes(second->value);
        }
    }
    return true;
}

bool parse_body(View content, CvCertificate& certificate) {
    const auto objects = parse_tlv(content);
    if (!objects || objects->size() < 7 || objects->size() > 8) return false;
    constexpr std::array<std::uint32_t, 8> order{0x5F29, 0x42,   0x7F49, 0x5F20,
                                                 0x7F4C, 0x5F25, 0x5F24, 0x65};
    for (std::size_t i = 0; i < objects->size(); ++i) {
        if ((*objects)[i].tag != order[i]) return false;
    }
    const auto value = [&](std::size_t index) { return (*objects)[index].value; };
    if (value(0).size() != 1 || value(0)[0] != 0) return false;
    if (!is_reference(value(1)) || !is_reference(value(3))) return false;
    auto key = parse_key(value(2));
    const auto chat = parse_chat(value(4));
    const auto effective = parse_certificate_date(value(5));
    const auto expiration = parse_certificate_date(value(6));
    if (!key || !chat || !effective || !expiration || *effective > *expiration) return false;
    certificate.authority = to_text(value(1));
    certificate.holder = to_text(value(3));
    certificate.key = std::move(*key);
    certificate.chat = *chat;
    certificate.effective = *effective;
    certificate.expiration = *expiration;
    return objects->size() == 7 || parse_extensions(value(7), certificate);
}

}  // namespace

std::optional<CvCertificate> parse_certificate_body(View body_and_signature) {
    const auto objects = parse_tlv(body_and_signature);
    if (!objects || objects->size() != 2) return std::nullopt;
    const Tlv& body = (*objects)[0];
    const Tlv& signature = (*objects)[1];
    if (body.tag != 0x7F4E || signature.tag != 0x5F37) return std::nullopt;
    CvCertificate certificate;
    if (!parse_body(body.value, certificate)) return std::nullopt;
    certificate.body = to_bytes(body.whole);
    certificate.signature = to_bytes(signature.value);
    return certificate;
}

std::optional<CvCertificate> parse_certificate(View certificate) {
    const auto outer = parse_single(certificate, 0x7F21);
    if (!outer) return std::nullopt;
    return parse_certificate_body(outer->value);
}

std::optional<Date> parse_certificate_date(View digits) {
    if (digits.size() != 6) return std::nullopt;
    Date date = 20;
    for (const std::uint8_t digit : digits) {
        if (digit > 9) return std::nullopt;
        date = date * 10 + digit;
    }
    const Date month = date / 100 % 100;
    const Date day = date % 100;
    if (month < 1 || month > 12 || day < 1 || day > 31) return std::nullopt;
    return date;
}

}  // namespace card
