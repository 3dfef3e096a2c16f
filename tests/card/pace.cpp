// SPDX-License-Identifier: EUPL-1.2
// PACE, card side: see pace.hpp.
#include "tests/card/pace.hpp"

#include <utility>

#include "tests/card/oid.hpp"

namespace card {
namespace {

Bytes dynamic_data(std::uint32_t tag, View value) {
    return tlv(0x7C, tlv(tag, value));
}

// The only object inside the template, with this tag.
const Tlv* only(const std::vector<Tlv>& objects, std::uint32_t tag) {
    return objects.size() == 1 && objects[0].tag == tag ? &objects[0] : nullptr;
}

std::optional<PasswordId> password_of(const Tlv& reference) {
    if (reference.value.size() != 1) return std::nullopt;
    switch (reference.value[0]) {
        case 2:
            return PasswordId::can;
        case 3:
            return PasswordId::pin;
        case 4:
            return PasswordId::puk;
        default:
            return std::nullopt;
    }
}

bool may_ask_for_data(PasswordId password, const Chat& chat) {
    if (password == PasswordId::pin) return true;
    return password == PasswordId::can && chat.rights.has(right::can_allowed);
}

}  // namespace

Bytes authentication_token(View mac_key, View protocol, View public_key) {
    return cmac_8(mac_key, tlv(0x7F49, {tlv(0x06, protocol), tlv(0x86, public_key)}));
}

StatusWord Pace::set_at(View data) {
    step_ = Step::none;
    chat_.reset();
    success_.reset();
    const auto objects = parse_tlv(data);
    if (!objects) return sw::wrong_data;
    for (const Tlv& object : *objects) {
        const bool known = object.tag == 0x80 || object.tag == 0x83 || object.tag == 0x84 ||
                           object.tag == 0x7F4C || object.tag == 0x65;
        if (!known || count(*objects, object.tag) != 1) return sw::wrong_data;
    }
    const Tlv* protocol = find(*objects, 0x80);
    const Tlv* reference = find(*objects, 0x83);
    if (protocol == nullptr || reference == nullptr) return sw::wrong_data;
    if (!same(protocol->value, suite_.pace_protocol())) return sw::wrong_data;
    const auto password = password_of(*reference);
    if (!password) return sw::reference_missing;
    if (const Tlv* parameters = find(*objects, 0x84)) {
        if (!same(parameters->value, Bytes{suite_.parameters})) return sw::reference_missing;
    }
    if (const Tlv* chat = find(*objects, 0x7F4C)) {
        chat_ = parse_chat(chat->value);
        if (!chat_ || chat_->role != Role::terminal) return sw::wrong_data;
        if (trust_points_.all().empty()) return sw::reference_missing;
        if (!may_ask_for_data(*password, *chat_)) return sw::conditions;
    }
    password_ = *password;
    step_ = Step::nonce;
    return passwords_.probe(password_);
}

Answer Pace::general_authenticate(const Command& command, const SecurityStatus& outer) {
    const Step step = step_;
    step_ = Step::none;
    const bool last = step == Step::confirm;
    if (step == Step::none) return sw::conditions;
    if (command.p1p2() != 0) return sw::wrong_parameters;
    if (command.chained() == last) return sw::chaining_expected;
    const auto outside = parse_single(command.data, 0x7C);
    if (!outside) return sw::wrong_data;
    const auto objects = parse_tlv(outside->value);
    if (!objects) return sw::wrong_data;
    switch (step) {
        case Step::nonce:
            return give_nonce(outside->value);
        case Step::map:
            return map(*objects);
        case Step::agree:
            return agree(*objects);
        case Step::confirm:
            return confirm(*objects, outer);
        case Step::none:
            break;
    }
    return sw::conditions;
}

Answer Pace::give_nonce(View content) {
    if (!content.empty()) return sw::wrong_data;
    nonce_ = random_.bytes(suite_.nonce_bytes());
    const Bytes key =
        derive_key(passwords_.secret(password_), {}, KeyUse::pace_nonce, suite_.key_bytes());
    step_ = Step::map;
    return Answer(dynamic_data(0x80, aes_encrypt(key, Bytes(16), nonce_)));
}

Answer Pace::map(const std::vector<Tlv>& objects) {
    const Tlv* terminal = only(objects, 0x81);
    if (terminal == nullptr) return sw::wrong_data;
    const KeyPair mapping = key_from_scalar(curve_, random_.scalar(curve_));
    const auto shared = curve_.multiply(terminal->value, mapping.scalar);
    const auto scaled = curve_.multiply(curve_.generator(), nonce_);
    if (!shared || !scaled || same(terminal->value, mapping.point)) return sw::wrong_data;
    const auto generator = curve_.add(*scaled, *shared);
    if (!generator) return sw::wrong_data;
    mapped_generator_ = *generator;
    step_ = Step::agree;
    return Answer(dynamic_data(0x82, mapping.point));
}

Answer Pace::agree(const std::vector<Tlv>& objects) {
    const Tlv* terminal = only(objects, 0x83);
    if (terminal == nullptr) return sw::wrong_data;
    own_.scalar = random_.scalar(curve_);
    const auto point = curve_.multiply(mapped_generator_, own_.scalar);
    const auto shared = curve_.multiply(terminal->value, own_.scalar);
    if (!point || !shared || same(terminal->value, *point)) return sw::wrong_data;
    own_.point = *point;
    terminal_key_ = to_bytes(terminal->value);
    keys_ = derive_session_keys(curve_.x_of(*shared), {}, suite_.key_bytes());
    step_ = Step::confirm;
    return Answer(dynamic_data(0x84, own_.point));
}

Answer Pace::confirm(const std::vector<Tlv>& objects, const SecurityStatus& outer) {
    const Tlv* terminal = only(objects, 0x85);
    if (terminal == nullptr) return sw::wrong_data;
    const bool right = same(terminal->value, token(own_.point));
    const bool in_can_channel = outer.pace && outer.pace->password == PasswordId::can;
    const StatusWord status =
        passwords_.settle(password_, right ? Passwords::Proof::right : Passwords::Proof::wrong,
                          in_can_channel ? Passwords::Channel::can : Passwords::Channel::plain);
    if (status != sw::ok) return status;

    Bytes content = tlv(0x86, token(terminal_key_));
    if (chat_) {
        const auto& points = trust_points_.all();
        content = join({content, tlv_text(0x87, points[0].certificate.holder)});
        if (points.size() > 1) {
            content = join({content, tlv_text(0x88, points[1].certificate.holder)});
        }
    }
    const bool transport = password_ == PasswordId::pin && passwords_.has_transport_pin();
    success_ = Success{{password_, chat_, curve_.x_of(own_.point), transport}, keys_};
    return Answer(tlv(0x7C, content));
}

std::optional<Pace::Success> Pace::take_success() {
    return std::exchange(success_, std::nullopt);
}

Bytes Pace::token(View public_key) const {
    return authentication_token(keys_.mac, suite_.pace_protocol(), public_key);
}

}  // namespace card
