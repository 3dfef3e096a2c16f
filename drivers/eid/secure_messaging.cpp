// SPDX-License-Identifier: EUPL-1.2
#include "drivers/eid/secure_messaging.hpp"

#include <algorithm>
#include <utility>

#include "drivers/apdu/tlv.hpp"
#include "drivers/base/check.hpp"
#include "drivers/crypto/digest.hpp"

namespace eid {
namespace {

constexpr std::size_t block_bytes = 16;
constexpr std::uint8_t sm_class_bits = 0x0C;      // secure messaging, header authenticated
constexpr std::uint8_t padding_indicator = 0x01;  // F.3.3: padded as ISO 7816-4 says
constexpr apdu::Tag tag_cryptogram = 0x87;
constexpr apdu::Tag tag_le = 0x97;
constexpr apdu::Tag tag_status = 0x99;
constexpr apdu::Tag tag_checksum = 0x8E;

base::Bytes encode_le(std::size_t le) {
    if (le <= apdu::short_le_max) return {static_cast<std::uint8_t>(le & 0xFFU)};
    base::Bytes out;
    base::append_u16(out, static_cast<std::uint16_t>(le & 0xFFFFU));
    return out;
}

auto bad(const char* where) {
    return base::fail(base::Errc::sm_mac_wrong, where);
}

}  // namespace

SecureMessaging::SecureMessaging(SessionKeys keys) : keys_(std::move(keys)) {}

void SecureMessaging::count_up() {
    for (std::size_t i = counter_.size(); i-- > 0;) {
        if (++counter_[i] != 0) return;
    }
}

crypto::AesBlock SecureMessaging::initial_vector() const {
    return crypto::aes_encrypt_block(keys_.encryption.expose(), counter_);
}

Token SecureMessaging::checksum(base::ByteView data) const {
    const crypto::AesBlock mac =
        crypto::aes_cmac(keys_.mac.expose(), base::concat({counter_, data}));
    Token token{};
    std::copy_n(mac.begin(), token.size(), token.begin());
    return token;
}

apdu::Command SecureMessaging::protect(const apdu::Command& command) {
    CHECK((command.ins & 1U) == 0);
    count_up();
    apdu::Command out{static_cast<std::uint8_t>(command.cla | sm_class_bits),
                      command.ins,
                      command.p1,
                      command.p2,
                      {},
                      apdu::short_le_max};
    if (!command.data.empty()) {
        base::Bytes padded = pad_block(command.data);
        const base::Bytes cipher =
            crypto::aes_cbc_encrypt(keys_.encryption.expose(), initial_vector(), padded);
        base::wipe(padded);
        const std::uint8_t indicator[] = {padding_indicator};
        base::append(out.data, apdu::tlv(tag_cryptogram, {indicator, cipher}));
    }
    if (command.le) apdu::append_tlv(out.data, tag_le, encode_le(*command.le));
    const std::uint8_t header[] = {out.cla, out.ins, out.p1, out.p2};
    base::Bytes authenticated = pad_block(header);
    if (!out.data.empty()) base::append(authenticated, pad_block(out.data));
    apdu::append_tlv(out.data, tag_checksum, checksum(authenticated));
    // Long data or a long answer need the extended form, where "maximum" is written with two zero
    // bytes.
    if (out.data.size() > apdu::short_data_bytes_max ||
        command.le.value_or(0) > apdu::short_le_max) {
        out.le = apdu::extended_le_max;
    }
    return out;
}

base::Result<SecureMessaging::Parts> SecureMessaging::split(base::ByteView data) {
    apdu::TlvReader reader(data);
    Parts parts;
    if (const auto object = reader.take_if(tag_cryptogram)) parts.cryptogram = object->whole;
    TRY(status, reader.expect(tag_status));
    TRY(mac, reader.expect(tag_checksum));
    TRY_VOID(reader.expect_end());
    if (status.value.size() != 2 || mac.value.size() != Token{}.size()) return bad("sm structure");
    parts.status = status.whole;
    parts.checksum = mac.value;
    return parts;
}

base::Result<base::Bytes> SecureMessaging::decrypt(base::ByteView cryptogram) const {
    TRY(value, apdu::only(cryptogram, tag_cryptogram));
    if (value.size() < 1 + block_bytes || value[0] != padding_indicator) return bad("sm padding");
    const base::ByteView cipher = value.subspan(1);
    if (cipher.size() % block_bytes != 0) return bad("sm blocks");
    base::Bytes padded =
        crypto::aes_cbc_decrypt(keys_.encryption.expose(), initial_vector(), cipher);
    auto plain = unpad_block(padded);
    base::wipe(padded);
    return plain;
}

base::Result<apdu::Answer> SecureMessaging::open(const apdu::Answer& answer) {
    const auto refuse = [&] {
        dead_ = true;
        return base::fail(base::Errc::sm_mac_wrong, "sm open", answer.sw);
    };
    if (dead_) return refuse();
    count_up();
    const auto parts = split(answer.data);
    if (!parts) return refuse();
    const base::Bytes authenticated = pad_block(base::concat({parts->cryptogram, parts->status}));
    if (!crypto::equal_ct(checksum(authenticated), parts->checksum)) return refuse();
    apdu::Answer out;
    out.sw = base::read_u16(parts->status.last(2));
    // The status outside the protection must be the one inside: nobody may change it on the way.
    if (out.sw != answer.sw) return refuse();
    if (!parts->cryptogram.empty()) {
        auto plain = decrypt(parts->cryptogram);
        if (!plain) return refuse();
        out.data = std::move(*plain);
    }
    return out;
}

base::Bytes pad_block(base::ByteView data) {
    base::Bytes out;
    out.reserve(data.size() +
                block_bytes);  // one allocation, so that a caller's wipe reaches all copies
    out.assign(data.begin(), data.end());
    out.push_back(0x80);
    while (out.size() % block_bytes != 0) out.push_back(0x00);
    return out;
}

base::Result<base::Bytes> unpad_block(base::ByteView padded) {
    std::size_t end = padded.size();
    while (end > 0 && padded[end - 1] == 0x00) --end;
    if (end == 0 || padded[end - 1] != 0x80 || padded.size() - end >= block_bytes) {
        return base::fail(base::Errc::card_answer_bad, "unpad");
    }
    return base::Bytes(padded.begin(), padded.begin() + static_cast<std::ptrdiff_t>(end - 1));
}

}  // namespace eid
