// SPDX-License-Identifier: EUPL-1.2
// Hashes, AES and key derivation on OpenSSL's EVP interface: see symmetric.hpp.
#include "tests/card/symmetric.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>

namespace card {
namespace {

// A failure inside OpenSSL (out of memory, no provider) leaves nothing to test: end loudly.
void require(bool good, const char* what) {
    if (good) return;
    std::fprintf(stderr, "freigabe-card: OpenSSL refused %s\n", what);
    std::abort();
}

template <auto release>
struct Release {
    void operator()(auto* object) const { release(object); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, Release<EVP_CIPHER_CTX_free>>;
using Mac = std::unique_ptr<EVP_MAC, Release<EVP_MAC_free>>;
using MacContext = std::unique_ptr<EVP_MAC_CTX, Release<EVP_MAC_CTX_free>>;

const EVP_MD* algorithm(HashId id) {
    switch (id) {
        case HashId::sha_1:
            return EVP_sha1();
        case HashId::sha_224:
            return EVP_sha224();
        case HashId::sha_256:
            return EVP_sha256();
        case HashId::sha_384:
            return EVP_sha384();
        case HashId::sha_512:
            return EVP_sha512();
    }
    std::abort();
}

const EVP_CIPHER* aes_of(std::size_t key_bytes) {
    switch (key_bytes) {
        case 16:
            return EVP_aes_128_cbc();
        case 24:
            return EVP_aes_192_cbc();
        case 32:
            return EVP_aes_256_cbc();
        default:
            break;
    }
    require(false, "a key of that length");
    return nullptr;
}

enum class Direction : int { decrypt = 0, encrypt = 1 };
Bytes aes_cbc(Direction direction, View key, View iv, View data) {
    require(iv.size() == 16 && data.size() % 16 == 0, "AES lengths");
    const Cipher cipher(EVP_CIPHER_CTX_new());
    Bytes out(data.size() + 16);
    int length = 0;
    require(EVP_CipherInit_ex(cipher.get(), aes_of(key.size()), nullptr, key.data(), iv.data(),
                              static_cast<int>(direction)) == 1 &&
                EVP_CIPHER_CTX_set_padding(cipher.get(), 0) == 1 &&
                EVP_CipherUpdate(cipher.get(), out.data(), &length, data.data(),
                                 static_cast<int>(data.size())) == 1,
            "AES-CBC");
    out.resize(data.size());
    return out;
}

}  // namespace

Bytes hash(HashId id, View message) {
    Bytes digest(EVP_MAX_MD_SIZE);
    unsigned length = 0;
    require(EVP_Digest(message.data(), message.size(), digest.data(), &length, algorithm(id),
                       nullptr) == 1,
            "a hash");
    digest.resize(length);
    return digest;
}

std::optional<HashId> hash_of_size(std::size_t bytes) {
    switch (bytes) {
        case 20:
            return HashId::sha_1;
        case 28:
            return HashId::sha_224;
        case 32:
            return HashId::sha_256;
        case 48:
            return HashId::sha_384;
        case 64:
            return HashId::sha_512;
        default:
            return std::nullopt;
    }
}

Bytes random_bytes(std::size_t count) {
    Bytes bytes(count);
    require(RAND_bytes(bytes.data(), static_cast<int>(count)) == 1, "random bytes");
    return bytes;
}

Bytes derive_key(View secret, View nonce, KeyUse use, std::size_t key_bytes) {
    const Bytes counter{0, 0, 0, static_cast<std::uint8_t>(use)};
    const HashId id = key_bytes == 16 ? HashId::sha_1 : HashId::sha_256;
    Bytes key = hash(id, join({secret, nonce, counter}));
    key.resize(key_bytes);
    return key;
}

SessionKeys derive_session_keys(View secret, View nonce, std::size_t key_bytes) {
    return {derive_key(secret, nonce, KeyUse::enc, key_bytes),
            derive_key(secret, nonce, KeyUse::mac, key_bytes)};
}

Bytes aes_encrypt(View key, View iv, View data) {
    return aes_cbc(Direction::encrypt, key, iv, data);
}
Bytes aes_decrypt(View key, View iv, View data) {
    return aes_cbc(Direction::decrypt, key, iv, data);
}

Bytes cmac_8(View key, View data) {
    const Mac mac(EVP_MAC_fetch(nullptr, "CMAC", nullptr));
    const MacContext context(EVP_MAC_CTX_new(mac.get()));
    std::string name = "AES-" + std::to_string(key.size() * 8) + "-CBC";
    const std::array<OSSL_PARAM, 2> parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, name.data(), 0),
        OSSL_PARAM_construct_end()};
    Bytes out(16);
    std::size_t length = 0;
    require(EVP_MAC_init(context.get(), key.data(), key.size(), parameters.data()) == 1 &&
                EVP_MAC_update(context.get(), data.data(), data.size()) == 1 &&
                EVP_MAC_final(context.get(), out.data(), &length, out.size()) == 1,
            "CMAC");
    out.resize(8);
    return out;
}

Bytes pad_16(View data) {
    Bytes out = to_bytes(data);
    out.push_back(0x80);
    while (out.size() % 16 != 0) out.push_back(0);
    return out;
}

std::optional<Bytes> unpad_16(View data) {
    std::size_t end = data.size();
    while (end > 0 && data[end - 1] == 0) --end;
    if (end == 0 || data[end - 1] != 0x80 || data.size() - end >= 16) return std::nullopt;
    return to_bytes(data.first(end - 1));
}

Bytes deterministic_bytes(std::string_view label, View seed, std::size_t count) {
    Bytes out;
    for (std::uint8_t block = 1; out.size() < count; ++block) {
        const Bytes message = join({to_bytes(label), View(&block, 1)});
        Bytes part(32);
        unsigned length = 0;
        require(HMAC(EVP_sha256(), seed.data(), static_cast<int>(seed.size()), message.data(),
                     message.size(), part.data(), &length) != nullptr,
                "HMAC");
        out.insert(out.end(), part.begin(), part.end());
    }
    out.resize(count);
    return out;
}

}  // namespace card
