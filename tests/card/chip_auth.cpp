// SPDX-License-Identifier: EUPL-1.2
// Chip Authentication version 2, card side: see chip_auth.hpp.
#include "tests/card/chip_auth.hpp"

#include <utility>

#include "tests/card/pace.hpp"
#include "tests/card/tlv.hpp"

namespace card {

StatusWord ChipAuthentication::set_at(View data) {
    chosen_ = false;
    const auto objects = parse_tlv(data);
    if (!objects || objects->empty() || objects->size() > 2) return sw::wrong_data;
    if ((*objects)[0].tag != 0x80 || !same((*objects)[0].value, suite_.chip_protocol())) {
        return sw::wrong_data;
    }
    if (objects->size() == 1) return sw::security_status;
    if ((*objects)[1].tag != 0x84) return sw::wrong_data;
    if (!same((*objects)[1].value, Bytes{key_.id})) return sw::reference_missing;
    chosen_ = true;
    return sw::ok;
}

Answer ChipAuthentication::general_authenticate(View data, SecurityStatus& status) {
    if (!status.terminal || status.chip_authenticated) return sw::security_status;
    if (!std::exchange(chosen_, false)) return sw::conditions;
    const auto outside = parse_single(data, 0x7C);
    const auto key = outside ? parse_single(outside->value, 0x80) : std::nullopt;
    if (!key || !curve_.contains(key->value)) return sw::wrong_data;
    if (!same(curve_.x_of(key->value), status.terminal->compressed_key)) return sw::not_usable;
    const auto shared = curve_.multiply(key->value, key_.scalar);
    if (!shared) return sw::wrong_data;
    const Bytes nonce = random_.bytes(8);
    keys_ = derive_session_keys(curve_.x_of(*shared), nonce, suite_.key_bytes());
    const Bytes token = authentication_token(keys_->mac, suite_.chip_protocol(), key->value);
    status.chip_authenticated = true;
    return Answer(tlv(0x7C, {tlv(0x81, nonce), tlv(0x82, token)}));
}

std::optional<SessionKeys> ChipAuthentication::take_keys() {
    return std::exchange(keys_, std::nullopt);
}

}  // namespace card
