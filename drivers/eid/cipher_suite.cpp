// SPDX-License-Identifier: EUPL-1.2
#include "drivers/eid/cipher_suite.hpp"

#include <algorithm>

#include "drivers/apdu/tlv.hpp"
#include "drivers/base/check.hpp"
#include "drivers/crypto/cipher.hpp"
#include "drivers/crypto/digest.hpp"

namespace eid {
namespace {

struct Row {
    Cipher cipher;
    std::uint8_t suffix;
    std::size_t key_bytes;
    crypto::Hash hash;
};

constexpr std::array<Row, 3> rows = {{
    {Cipher::aes128, 2, 16, crypto::Hash::sha1},
    {Cipher::aes192, 3, 24, crypto::Hash::sha256},
    {Cipher::aes256, 4, 32, crypto::Hash::sha256},
}};

const Row& row_of(Cipher cipher) {
    const auto* row = std::ranges::find(rows, cipher, &Row::cipher);
    CHECK(row != rows.end());
    return *row;
}

}  // namespace

std::optional<Cipher> cipher_of_suffix(std::uint8_t suffix) {
    const auto* row = std::ranges::find(rows, suffix, &Row::suffix);
    if (row == rows.end()) return std::nullopt;
    return row->cipher;
}

std::size_t key_bytes(Cipher cipher) {
    return row_of(cipher).key_bytes;
}

SymmetricKey derive_key(Cipher cipher, base::ByteView secret, base::ByteView nonce, KeyUse use) {
    const Row& row = row_of(cipher);
    const std::array<std::uint8_t, 4> counter = {0, 0, 0, static_cast<std::uint8_t>(use)};
    base::Bytes input = base::concat({secret, nonce, counter});
    base::Bytes output = crypto::digest(row.hash, input);
    SymmetricKey key{base::ByteView(output).first(row.key_bytes)};
    base::wipe(input);
    base::wipe(output);
    return key;
}

SessionKeys derive_session_keys(Cipher cipher, base::ByteView secret, base::ByteView nonce) {
    return {derive_key(cipher, secret, nonce, KeyUse::encryption),
            derive_key(cipher, secret, nonce, KeyUse::mac)};
}

Token authentication_token(const SymmetricKey& mac_key, base::ByteView protocol,
                           const crypto::Point& peer_key) {
    const base::Bytes object = apdu::tlv(
        0x7F49, {apdu::tlv(0x06, protocol), apdu::tlv(0x86, base::ByteView(peer_key.bytes))});
    const crypto::AesBlock mac = crypto::aes_cmac(mac_key.expose(), object);
    Token token{};
    std::copy_n(mac.begin(), token.size(), token.begin());
    return token;
}

}  // namespace eid
