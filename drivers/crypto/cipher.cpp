// SPDX-License-Identifier: EUPL-1.2
#include "drivers/crypto/cipher.hpp"

#include <mbedtls/aes.h>
#include <mbedtls/cipher.h>
#include <mbedtls/cmac.h>
#include <mbedtls/gcm.h>
#include <mbedtls/platform_util.h>

#include <algorithm>

#include "drivers/base/check.hpp"
#include "drivers/base/handle.hpp"
#include "drivers/base/secret.hpp"
#include "drivers/crypto/digest.hpp"

namespace crypto {
namespace {

using Aes = base::Pinned<mbedtls_aes_context, mbedtls_aes_init, mbedtls_aes_free>;
using Gcm = base::Pinned<mbedtls_gcm_context, mbedtls_gcm_init, mbedtls_gcm_free>;

constexpr std::size_t block_bytes = 16;
constexpr std::size_t tag_bytes = 16;
constexpr std::size_t nonce_bytes = 12;

unsigned key_bits(base::ByteView key) {
    CHECK(key.size() == 16 || key.size() == 24 || key.size() == 32);
    return static_cast<unsigned>(key.size() * 8);
}

void set_encrypt(Aes& aes, base::ByteView key) {
    CHECK(mbedtls_aes_setkey_enc(aes.get(), key.data(), key_bits(key)) == 0);
}

void set_decrypt(Aes& aes, base::ByteView key) {
    CHECK(mbedtls_aes_setkey_dec(aes.get(), key.data(), key_bits(key)) == 0);
}

AesBlock crypt_block(Aes& aes, int mode, const AesBlock& block) {
    AesBlock out{};
    CHECK(mbedtls_aes_crypt_ecb(aes.get(), mode, block.data(), out.data()) == 0);
    return out;
}

base::Bytes crypt_cbc(Aes& aes, int mode, AesBlock iv, base::ByteView data) {
    CHECK(data.size() % block_bytes == 0);
    base::Bytes out(data.size());
    CHECK(mbedtls_aes_crypt_cbc(aes.get(), mode, data.size(), iv.data(), data.data(), out.data()) ==
          0);
    return out;
}

// RFC 3394 2.2.3: the initial value that unwrapping must find again.
constexpr std::array<std::uint8_t, 8> wrap_iv = {0xA6, 0xA6, 0xA6, 0xA6, 0xA6, 0xA6, 0xA6, 0xA6};

void xor_counter(AesBlock& block, std::size_t counter) {
    for (std::size_t i = 0; i < 8; ++i) {
        block[7 - i] = static_cast<std::uint8_t>(block[7 - i] ^ (counter >> (8 * i)));
    }
}

}  // namespace

AesBlock aes_encrypt_block(base::ByteView key, const AesBlock& block) {
    Aes aes;
    set_encrypt(aes, key);
    return crypt_block(aes, MBEDTLS_AES_ENCRYPT, block);
}

AesBlock aes_decrypt_block(base::ByteView key, const AesBlock& block) {
    Aes aes;
    set_decrypt(aes, key);
    return crypt_block(aes, MBEDTLS_AES_DECRYPT, block);
}

base::Bytes aes_cbc_encrypt(base::ByteView key, const AesBlock& iv, base::ByteView data) {
    Aes aes;
    set_encrypt(aes, key);
    return crypt_cbc(aes, MBEDTLS_AES_ENCRYPT, iv, data);
}

base::Bytes aes_cbc_decrypt(base::ByteView key, const AesBlock& iv, base::ByteView data) {
    Aes aes;
    set_decrypt(aes, key);
    return crypt_cbc(aes, MBEDTLS_AES_DECRYPT, iv, data);
}

AesBlock aes_cmac(base::ByteView key, base::ByteView data) {
    const auto* info = mbedtls_cipher_info_from_values(
        MBEDTLS_CIPHER_ID_AES, static_cast<int>(key_bits(key)), MBEDTLS_MODE_ECB);
    CHECK(info != nullptr);
    AesBlock out{};
    // mbedTLS refuses a null pointer even for an empty message.
    const std::uint8_t nothing = 0;
    const std::uint8_t* start = data.empty() ? &nothing : data.data();
    CHECK(mbedtls_cipher_cmac(info, key.data(), key.size() * 8, start, data.size(), out.data()) ==
          0);
    return out;
}

base::Bytes gcm_seal(base::ByteView key, base::ByteView nonce, base::ByteView aad,
                     base::ByteView plain) {
    CHECK(nonce.size() == nonce_bytes);
    Gcm gcm;
    CHECK(mbedtls_gcm_setkey(gcm.get(), MBEDTLS_CIPHER_ID_AES, key.data(), key_bits(key)) == 0);
    base::Bytes out(plain.size() + tag_bytes);
    CHECK(mbedtls_gcm_crypt_and_tag(gcm.get(), MBEDTLS_GCM_ENCRYPT, plain.size(), nonce.data(),
                                    nonce.size(), aad.data(), aad.size(), plain.data(), out.data(),
                                    tag_bytes, out.data() + plain.size()) == 0);
    return out;
}

base::Result<base::Bytes> gcm_open(base::ByteView key, base::ByteView nonce, base::ByteView aad,
                                   base::ByteView sealed) {
    if (nonce.size() != nonce_bytes || sealed.size() < tag_bytes) {
        return base::fail(base::Errc::open_failed, "gcm_open");
    }
    Gcm gcm;
    CHECK(mbedtls_gcm_setkey(gcm.get(), MBEDTLS_CIPHER_ID_AES, key.data(), key_bits(key)) == 0);
    const std::size_t plain_bytes = sealed.size() - tag_bytes;
    base::Bytes out(plain_bytes);
    const int error = mbedtls_gcm_auth_decrypt(gcm.get(), plain_bytes, nonce.data(), nonce.size(),
                                               aad.data(), aad.size(), sealed.data() + plain_bytes,
                                               tag_bytes, sealed.data(), out.data());
    if (error != 0) {
        base::wipe(out);
        return base::fail(base::Errc::open_failed, "gcm_open", static_cast<std::uint32_t>(-error));
    }
    return out;
}

base::Bytes key_wrap(base::ByteView kek, base::ByteView key) {
    CHECK(key.size() >= 16 && key.size() <= 64 && key.size() % 8 == 0);
    Aes aes;
    set_encrypt(aes, kek);
    base::Bytes out(wrap_iv.begin(), wrap_iv.end());
    base::append(out, key);
    const std::size_t parts = key.size() / 8;
    for (std::size_t round = 0; round < 6; ++round) {
        for (std::size_t i = 1; i <= parts; ++i) {
            AesBlock block{};
            std::copy_n(out.begin(), 8, block.begin());
            std::copy_n(out.begin() + static_cast<std::ptrdiff_t>(8 * i), 8, block.begin() + 8);
            block = crypt_block(aes, MBEDTLS_AES_ENCRYPT, block);
            xor_counter(block, round * parts + i);
            std::copy_n(block.begin(), 8, out.begin());
            std::copy_n(block.begin() + 8, 8, out.begin() + static_cast<std::ptrdiff_t>(8 * i));
        }
    }
    return out;
}

base::Result<base::Bytes> key_unwrap(base::ByteView kek, base::ByteView wrapped) {
    if (wrapped.size() < 24 || wrapped.size() > 72 || wrapped.size() % 8 != 0) {
        return base::fail(base::Errc::open_failed, "key_unwrap");
    }
    Aes aes;
    set_decrypt(aes, kek);
    base::Bytes out(wrapped.begin(), wrapped.end());
    const std::size_t parts = wrapped.size() / 8 - 1;
    for (std::size_t round = 6; round-- > 0;) {
        for (std::size_t i = parts; i >= 1; --i) {
            AesBlock block{};
            std::copy_n(out.begin(), 8, block.begin());
            xor_counter(block, round * parts + i);
            std::copy_n(out.begin() + static_cast<std::ptrdiff_t>(8 * i), 8, block.begin() + 8);
            block = crypt_block(aes, MBEDTLS_AES_DECRYPT, block);
            std::copy_n(block.begin(), 8, out.begin());
            std::copy_n(block.begin() + 8, 8, out.begin() + static_cast<std::ptrdiff_t>(8 * i));
        }
    }
    if (!equal_ct(base::ByteView(out).first(8), wrap_iv)) {
        base::wipe(out);
        return base::fail(base::Errc::open_failed, "key_unwrap");
    }
    out.erase(out.begin(), out.begin() + 8);
    return out;
}

}  // namespace crypto
