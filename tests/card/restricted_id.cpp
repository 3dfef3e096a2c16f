// SPDX-License-Identifier: EUPL-1.2
// Restricted Identification, card side: see restricted_id.hpp.
#include "tests/card/restricted_id.hpp"

#include "tests/card/oid.hpp"
#include "tests/card/tlv.hpp"

namespace card {
namespace {

// 06 oid | 81 p | 82 a | 83 b | 84 G | 85 n | 86 point | 87 cofactor, on exactly this curve.
std::optional<Bytes> sector_point(View content, const Curve& curve) {
    const auto objects = parse_tlv(content);
    if (!objects || objects->size() != 8) return std::nullopt;
    if ((*objects)[0].tag != 0x06 || !same((*objects)[0].value, oid::ri_ecdh_sha_256)) {
        return std::nullopt;
    }
    for (std::uint32_t i = 1; i < 8; ++i) {
        if ((*objects)[i].tag != 0x80 + i) return std::nullopt;
    }
    const auto at = [&](std::size_t index) { return (*objects)[index].value; };
    const DomainParameters own = curve.parameters();
    if (!same(at(1), own.prime) || !same(at(2), own.a) || !same(at(3), own.b) ||
        !same(at(4), own.generator) || !same(at(5), own.order) || !same(at(7), own.cofactor)) {
        return std::nullopt;
    }
    if (!curve.contains(at(6))) return std::nullopt;
    return to_bytes(at(6));
}

}  // namespace

StatusWord RestrictedIdentification::set_at(View data) {
    chosen_.reset();
    const auto objects = parse_tlv(data);
    if (!objects || objects->size() != 2) return sw::wrong_data;
    if ((*objects)[0].tag != 0x80 || !same((*objects)[0].value, oid::ri_ecdh_sha_256)) {
        return sw::wrong_data;
    }
    if ((*objects)[1].tag != 0x84) return sw::wrong_data;
    for (std::size_t i = 0; i < keys_.size(); ++i) {
        if (same((*objects)[1].value, Bytes{keys_[i].id})) chosen_ = i;
    }
    return chosen_ ? sw::ok : sw::reference_missing;
}

Answer RestrictedIdentification::general_authenticate(View data,
                                                      const SecurityStatus& status) const {
    if (!status.terminal || !status.chip_authenticated) return sw::security_status;
    if (!chosen_) return sw::conditions;
    if (keys_[*chosen_].authorized_only &&
        !status.effective().has(right::restricted_identification)) {
        return sw::security_status;
    }
    const auto outside = parse_single(data, 0x7C);
    const auto objects = outside ? parse_tlv(outside->value) : std::nullopt;
    if (!objects || objects->empty()) return sw::wrong_data;
    Bytes content;
    for (const Tlv& object : *objects) {
        const bool first = object.tag == 0xA0;
        if ((!first && object.tag != 0xA2) || count(*objects, object.tag) != 1) {
            return sw::wrong_data;
        }
        const Answer one = identifier(object.value, first ? status.terminal->first_sector_hash
                                                          : status.terminal->second_sector_hash);
        if (one.status != sw::ok) return one;
        content = join({content, tlv(first ? 0x81 : 0x83, one.data)});
    }
    return Answer(tlv(0x7C, content));
}

Answer RestrictedIdentification::identifier(View sector_key, View sector_hash) const {
    // The hash function is the one of the certificate's signature; its size tells which.
    const auto id = hash_of_size(sector_hash.size());
    if (!id) return sw::security_status;
    if (!same(hash(*id, tlv(0x7F49, sector_key)), sector_hash)) return sw::wrong_data;
    const auto point = sector_point(sector_key, curve_);
    const auto shared = point ? curve_.multiply(*point, keys_[*chosen_].scalar) : std::nullopt;
    if (!shared) return sw::wrong_data;
    return Answer(hash(HashId::sha_256, curve_.x_of(*shared)));
}

}  // namespace card
