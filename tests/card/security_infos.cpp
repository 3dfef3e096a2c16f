// SPDX-License-Identifier: EUPL-1.2
// Encoding SecurityInfos: see security_infos.hpp.
#include "tests/card/security_infos.hpp"

#include <algorithm>

#include "tests/card/oid.hpp"
#include "tests/card/tlv.hpp"

namespace card {
namespace {

Bytes sequence(std::initializer_list<View> parts) {
    return tlv(0x30, parts);
}
Bytes identifier(View value) {
    return tlv(0x06, value);
}
Bytes boolean(bool value) {
    return tlv(0x01, Bytes{static_cast<std::uint8_t>(value ? 0xFF : 0)});
}

Bytes curve_identifier(Suite suite) {
    return sequence({identifier(oid::standardized_parameters), der_integer(suite.parameters)});
}

// DER orders the elements of a SET OF by their encoding.
Bytes set_of(std::vector<Bytes> elements) {
    std::sort(elements.begin(), elements.end());
    Bytes content;
    for (const Bytes& element : elements) content = join({content, element});
    return tlv(0x31, content);
}

std::vector<Bytes> open_infos(Generation generation, Suite suite) {
    std::vector<Bytes> infos{
        sequence({identifier(oid::ta), der_integer(2)}),
        sequence({identifier(suite.chip_protocol()), der_integer(2), der_integer(chip_key_id)}),
        sequence({identifier(oid::ca_ecdh), curve_identifier(suite), der_integer(chip_key_id)}),
        sequence(
            {identifier(suite.pace_protocol()), der_integer(2), der_integer(suite.parameters)}),
        sequence(
            {identifier(oid::card_info_locator), tlv_text(0x16, "http://bsi.bund.de/cif/npa.xml")}),
    };
    if (generation == Generation::newer) {
        infos.push_back(sequence(
            {identifier(suite.chip_protocol()), der_integer(3), der_integer(chip_key_v3_id)}));
        infos.push_back(sequence(
            {identifier(oid::ca_ecdh), curve_identifier(suite), der_integer(chip_key_v3_id)}));
        // PSAInfo: version, explicit authorisation wanted, key id.
        infos.push_back(
            sequence({identifier(oid::psa_ecdh_sha_256),
                      sequence({der_integer(1), der_integer(0), der_integer(chip_key_v3_id)})}));
    }
    return infos;
}

Bytes restricted_identification(std::uint32_t key_id, bool authorized_only) {
    return sequence({identifier(oid::ri_ecdh_sha_256),
                     sequence({der_integer(1), der_integer(key_id), boolean(authorized_only)})});
}

}  // namespace

Bytes encode_card_access(Generation generation, Suite suite) {
    return set_of(open_infos(generation, suite));
}

Bytes encode_security_object(Generation generation, const CardKeys& keys, Suite suite) {
    std::vector<Bytes> infos = open_infos(generation, suite);
    const Bytes no_unused_bits{0};
    infos.push_back(
        sequence({identifier(oid::pk_ecdh),
                  sequence({curve_identifier(suite), tlv(0x03, {no_unused_bits, keys.chip.point})}),
                  der_integer(chip_key_id)}));
    infos.push_back(restricted_identification(block_list_key_id, false));
    infos.push_back(restricted_identification(pseudonym_key_id, true));
    infos.push_back(sequence({identifier(oid::ri_ecdh), curve_identifier(suite)}));
    return set_of(std::move(infos));
}

}  // namespace card
