// SPDX-License-Identifier: EUPL-1.2
// Secure messaging, card side: see secure_messaging.hpp.
//   command  87 L 01 E(data) | 97 L Le | 8E 08 MAC     (85 without 01 if the instruction is odd)
//   answer   87 L 01 E(data) | 99 02 SW | 8E 08 MAC
#include "tests/card/secure_messaging.hpp"

#include "tests/card/tlv.hpp"

namespace card {
namespace {

struct Objects {
    const Tlv* cryptogram = nullptr;
    const Tlv* expected = nullptr;
    const Tlv* mac = nullptr;
};

// The three objects in this order, each at most once, nothing else; the MAC must be there.
std::optional<Objects> sort(const std::vector<Tlv>& all, bool odd) {
    Objects objects;
    std::size_t next = 0;
    const auto take = [&](std::uint32_t tag) -> const Tlv* {
        if (next >= all.size() || all[next].tag != tag) return nullptr;
        return &all[next++];
    };
    objects.cryptogram = take(odd ? 0x85 : 0x87);
    objects.expected = take(0x97);
    objects.mac = take(0x8E);
    if (objects.mac == nullptr || next != all.size()) return std::nullopt;
    return objects;
}

std::optional<std::size_t> read_expected(View value) {
    if (value.size() == 1) return value[0] == 0 ? 256 : value[0];
    if (value.size() != 2) return std::nullopt;
    const std::size_t number = static_cast<std::size_t>(value[0]) << 8U | value[1];
    return number == 0 ? 65536 : number;
}

}  // namespace

void SecureMessaging::step() {
    for (std::size_t i = counter_.size(); i-- > 0;) {
        if (++counter_[i] != 0) return;
    }
}

Bytes SecureMessaging::counter_iv() const {
    return aes_encrypt(keys_.enc, Bytes(16), counter_);
}

std::variant<Command, StatusWord> SecureMessaging::open(const Command& secured) {
    odd_instruction_ = (secured.ins & 1U) != 0;
    answer_bytes_max_ = secured.extended ? 65536 : 256;
    const auto all = parse_tlv(secured.data);
    if (!all) return sw::sm_objects_wrong;
    const auto objects = sort(*all, odd_instruction_);
    if (!objects) return sw::sm_objects_missing;

    step();
    const Bytes header = pad_16(Bytes{secured.cla, secured.ins, secured.p1, secured.p2});
    Bytes covered;
    if (objects->cryptogram != nullptr) covered = to_bytes(objects->cryptogram->whole);
    if (objects->expected != nullptr) covered = join({covered, objects->expected->whole});
    if (!covered.empty()) covered = pad_16(covered);
    if (!same(cmac_8(keys_.mac, join({counter_, header, covered})), objects->mac->value)) {
        return sw::sm_objects_wrong;
    }

    Command plain = secured;
    plain.cla = secured.cla & 0xF3U;
    plain.data.clear();
    plain.expected = 0;
    if (objects->cryptogram != nullptr) {
        View cipher = objects->cryptogram->value;
        if (!odd_instruction_) {
            if (cipher.empty() || cipher[0] != 0x01) return sw::sm_objects_wrong;
            cipher = cipher.subspan(1);
        }
        if (cipher.empty() || cipher.size() % 16 != 0) return sw::sm_objects_wrong;
        auto data = unpad_16(aes_decrypt(keys_.enc, counter_iv(), cipher));
        if (!data) return sw::sm_objects_wrong;
        plain.data = std::move(*data);
    }
    if (objects->expected != nullptr) {
        const auto expected = read_expected(objects->expected->value);
        if (!expected) return sw::sm_objects_wrong;
        plain.expected = *expected;
    }
    return plain;
}

Bytes SecureMessaging::close(const Answer& answer) {
    step();
    const auto seal = [this](View data, StatusWord status) {
        Bytes objects;
        if (!data.empty()) {
            const Bytes cipher = aes_encrypt(keys_.enc, counter_iv(), pad_16(data));
            const Bytes indicator = odd_instruction_ ? Bytes{} : Bytes{0x01};
            objects = tlv(odd_instruction_ ? 0x85 : 0x87, {indicator, cipher});
        }
        const Bytes word{static_cast<std::uint8_t>(status >> 8U),
                         static_cast<std::uint8_t>(status)};
        objects = join({objects, tlv(0x99, word)});
        const Bytes mac = cmac_8(keys_.mac, join({counter_, pad_16(objects)}));
        return join({objects, tlv(0x8E, mac), word});
    };
    Bytes closed = seal(answer.data, answer.status);
    // The outer Le of a short command leaves room for 256 bytes: READ BINARY with Le >= E0 does not
    // fit any more once it is wrapped.
    if (closed.size() - 2 > answer_bytes_max_) closed = seal({}, sw::wrong_length);
    return closed;
}

}  // namespace card
