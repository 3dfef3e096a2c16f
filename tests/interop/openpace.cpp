// SPDX-License-Identifier: EUPL-1.2
// OpenPACE made safe to use: see openpace.hpp.
#include "tests/interop/openpace.hpp"

#include <cstdio>
#include <cstdlib>

#include "tests/card/symmetric.hpp"
#include "tests/card/tlv.hpp"

namespace openpace {

using card::Bytes;
using card::View;

void require(bool good, const char* what) {
    if (good) return;
    std::fprintf(stderr, "OpenPACE refused: %s\n", what);
    std::abort();
}

Buffer buffer(View bytes) {
    Buffer out(BUF_MEM_new());
    require(out && BUF_MEM_grow(out.get(), bytes.size()) == bytes.size(), "a buffer");
    std::copy(bytes.begin(), bytes.end(), out->data);
    return out;
}

Bytes take(BUF_MEM* raw, const char* what) {
    const Buffer owned(raw);
    require(raw != nullptr, what);
    return {raw->data, raw->data + raw->length};
}

Context make_context(View card_access) {
    EAC_init();
    Context context(EAC_CTX_new());
    require(context && EAC_CTX_init_ef_cardaccess(card_access.data(), card_access.size(),
                                                  context.get()) == 1,
            "EF.CardAccess");
    return context;
}

Secret make_secret(const std::string& digits, s_type type) {
    Secret secret(PACE_SEC_new(digits.data(), digits.size(), type));
    require(secret != nullptr, "a secret");
    return secret;
}

// PKCS#8: SEQ { 0, SEQ { id-ecPublicKey, brainpoolP256r1 }, OCTET STRING { ECPrivateKey } }
Bytes encode_private_key(View scalar, View point) {
    using card::tlv;
    const auto ec_key = card::from_hex("06072A8648CE3D0201");
    const auto curve = card::from_hex("06092B2403030208010107");
    const Bytes no_unused_bits{0};
    const Bytes private_key = tlv(0x30, {card::der_integer(1), tlv(0x04, scalar),
                                         tlv(0xA1, tlv(0x03, {no_unused_bits, point}))});
    return tlv(0x30, {card::der_integer(0U), tlv(0x30, {*ec_key, *curve}), tlv(0x04, private_key)});
}

void Messaging::start(int keys) {
    require(EAC_CTX_set_encryption_ctx(context_, keys) == 1 && EAC_reset_ssc(context_) == 1,
            "session keys");
    running_ = true;
}

Bytes Messaging::encrypt(View data) {
    return take(EAC_encrypt(context_, buffer(data).get()), "to encrypt");
}
Bytes Messaging::decrypt(View data) {
    return take(EAC_decrypt(context_, buffer(data).get()), "to decrypt");
}
Bytes Messaging::authenticate(View data) {
    return take(EAC_authenticate(context_, buffer(data).get()), "a MAC");
}

Bytes Messaging::protect(const card::Command& command) {
    require(EAC_increment_ssc(context_) == 1, "the counter");
    Bytes objects;
    if (!command.data.empty()) {
        objects = card::tlv(0x87, {Bytes{1}, encrypt(card::pad_16(command.data))});
    }
    if (command.expected > 0) {
        Bytes length;
        if (command.expected > 256) {
            length.push_back(static_cast<std::uint8_t>(command.expected >> 8U));
        }
        length.push_back(static_cast<std::uint8_t>(command.expected));
        objects = card::join({objects, card::tlv(0x97, length)});
    }
    const auto cla = static_cast<std::uint8_t>(command.cla | 0x0CU);
    const Bytes header = card::pad_16(Bytes{cla, command.ins, command.p1, command.p2});
    const Bytes covered = objects.empty() ? Bytes{} : card::pad_16(objects);
    const Bytes mac = authenticate(card::join({header, covered}));
    objects = card::join({objects, card::tlv(0x8E, mac)});
    Bytes out{cla, command.ins, command.p1, command.p2, 0};
    out.push_back(static_cast<std::uint8_t>(objects.size() >> 8U));
    out.push_back(static_cast<std::uint8_t>(objects.size()));
    return card::join({out, objects, Bytes{0, 0}});
}

card::Answer Messaging::open(View response) {
    const auto word = static_cast<card::StatusWord>(response[response.size() - 2] << 8 |
                                                    response[response.size() - 1]);
    if (response.size() == 2) return word;
    require(EAC_increment_ssc(context_) == 1, "the counter");
    const View data = response.first(response.size() - 2);
    const auto objects = card::parse_tlv(data);
    require(objects && !objects->empty() && objects->back().tag == 0x8E, "objects of the answer");
    const View covered = data.first(data.size() - objects->back().whole.size());
    const int good = EAC_verify_authentication(context_, buffer(card::pad_16(covered)).get(),
                                               buffer(objects->back().value).get());
    require(good == 1, "the card's MAC");
    card::Answer answer(word);
    if (const card::Tlv* cryptogram = card::find(*objects, 0x87)) {
        const auto plain = card::unpad_16(decrypt(cryptogram->value.subspan(1)));
        require(plain.has_value(), "padding");
        answer.data = *plain;
    }
    return answer;
}

std::optional<card::Command> Messaging::open_command(const card::Command& secured) {
    require(EAC_increment_ssc(context_) == 1, "the counter");
    const auto objects = card::parse_tlv(secured.data);
    if (!objects || objects->empty() || objects->back().tag != 0x8E) return std::nullopt;
    const View covered =
        View(secured.data).first(secured.data.size() - objects->back().whole.size());
    const Bytes header = card::pad_16(Bytes{secured.cla, secured.ins, secured.p1, secured.p2});
    const Bytes input = card::join({header, covered.empty() ? Bytes{} : card::pad_16(covered)});
    if (EAC_verify_authentication(context_, buffer(input).get(),
                                  buffer(objects->back().value).get()) != 1) {
        return std::nullopt;
    }
    card::Command plain = secured;
    plain.cla = static_cast<std::uint8_t>(secured.cla & 0xF3U);
    plain.data.clear();
    if (const card::Tlv* cryptogram = card::find(*objects, 0x87)) {
        const auto data = card::unpad_16(decrypt(cryptogram->value.subspan(1)));
        if (!data) return std::nullopt;
        plain.data = *data;
    }
    const card::Tlv* expected = card::find(*objects, 0x97);
    plain.expected = 0;
    if (expected != nullptr) {
        for (const std::uint8_t byte : expected->value)
            plain.expected = plain.expected * 256 + byte;
        if (plain.expected == 0) plain.expected = expected->value.size() == 1 ? 256 : 65536;
    }
    return plain;
}

Bytes Messaging::protect_answer(const card::Answer& answer) {
    require(EAC_increment_ssc(context_) == 1, "the counter");
    Bytes objects;
    if (!answer.data.empty()) {
        objects = card::tlv(0x87, {Bytes{1}, encrypt(card::pad_16(answer.data))});
    }
    const Bytes word{static_cast<std::uint8_t>(answer.status >> 8U),
                     static_cast<std::uint8_t>(answer.status)};
    objects = card::join({objects, card::tlv(0x99, word)});
    const Bytes mac = authenticate(card::pad_16(objects));
    return card::join({objects, card::tlv(0x8E, mac), word});
}

}  // namespace openpace
