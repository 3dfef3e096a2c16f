// SPDX-License-Identifier: EUPL-1.2
#include "drivers/crypto/rsa.hpp"

#include <mbedtls/rsa.h>
#include <mbedtls/version.h>

#include <array>
#include <bit>

#include "drivers/base/check.hpp"
#include "drivers/crypto/random.hpp"

namespace crypto {
namespace {

constexpr std::size_t digest_size = 64;
constexpr int salt_size = 64;
// Two hashes and two bytes (RFC 8017 7.1.1).
constexpr std::size_t oaep_bytes = 32 + 32 + 2;

/// An mbedTLS context for one operation.
class RsaContext {
  public:
    explicit RsaContext(const RsaPublicKey& key) {
#if MBEDTLS_VERSION_MAJOR >= 3
        mbedtls_rsa_init(&context_);
#else
        mbedtls_rsa_init(&context_, MBEDTLS_RSA_PKCS_V15, 0);
#endif
        const std::array<std::uint8_t, 4> exponent{static_cast<std::uint8_t>(key.exponent >> 24U),
                                                   static_cast<std::uint8_t>(key.exponent >> 16U),
                                                   static_cast<std::uint8_t>(key.exponent >> 8U),
                                                   static_cast<std::uint8_t>(key.exponent)};
        CHECK(mbedtls_rsa_import_raw(&context_, key.modulus.data(), key.modulus.size(), nullptr, 0,
                                     nullptr, 0, nullptr, 0, exponent.data(),
                                     exponent.size()) == 0);
        CHECK(mbedtls_rsa_complete(&context_) == 0);
    }
    ~RsaContext() {
        mbedtls_rsa_free(&context_);
    }
    RsaContext(const RsaContext&) = delete;
    RsaContext& operator=(const RsaContext&) = delete;

    mbedtls_rsa_context* padded_with(mbedtls_md_type_t hash) {
#if MBEDTLS_VERSION_MAJOR >= 3
        CHECK(mbedtls_rsa_set_padding(&context_, MBEDTLS_RSA_PKCS_V21, hash) == 0);
#else
        mbedtls_rsa_set_padding(&context_, MBEDTLS_RSA_PKCS_V21, hash);
#endif
        return &context_;
    }

  private:
    mbedtls_rsa_context context_{};
};

}  // namespace

base::Result<RsaPublicKey> make_rsa_key(base::ByteView modulus, base::ByteView exponent) {
    if (modulus.empty() || modulus.front() == 0 || modulus.size() > rsa_bits_max / 8) {
        return base::fail(base::Errc::key_bad, "rsa modulus");
    }
    const std::size_t bits =
        modulus.size() * 8 - static_cast<std::size_t>(std::countl_zero(modulus.front()));
    if (bits < rsa_bits_min || (modulus.back() & 1U) == 0) {
        return base::fail(base::Errc::key_bad, "rsa modulus");
    }
    if (exponent.empty() || exponent.size() > 4 || exponent.front() == 0) {
        return base::fail(base::Errc::key_bad, "rsa exponent");
    }
    RsaPublicKey key{base::Bytes(modulus.begin(), modulus.end()), 0};
    for (const std::uint8_t byte : exponent) key.exponent = key.exponent << 8U | byte;
    if (key.exponent < 65'537 || (key.exponent & 1U) == 0) {
        return base::fail(base::Errc::key_bad, "rsa exponent");
    }
    return key;
}

base::Result<base::Bytes> rsa_oaep_seal(const RsaPublicKey& key, base::ByteView plain,
                                        port::Random& random) {
    CHECK(plain.size() + oaep_bytes <= key.modulus.size());
    RsaContext context(key);
    base::Bytes sealed(key.modulus.size());
    auto* rsa = context.padded_with(MBEDTLS_MD_SHA256);
#if MBEDTLS_VERSION_MAJOR >= 3
    const int status = mbedtls_rsa_rsaes_oaep_encrypt(rsa, mbedtls_random, &random, nullptr, 0,
                                                      plain.size(), plain.data(), sealed.data());
#else
    const int status =
        mbedtls_rsa_rsaes_oaep_encrypt(rsa, mbedtls_random, &random, MBEDTLS_RSA_PUBLIC, nullptr, 0,
                                       plain.size(), plain.data(), sealed.data());
#endif
    if (status != 0) {
        return base::fail(base::Errc::crypto_failed, "rsa seal",
                          static_cast<std::uint32_t>(-status));
    }
    return sealed;
}

bool rsa_pss_verify(const RsaPublicKey& key, base::ByteView digest, base::ByteView signature) {
    CHECK(digest.size() == digest_size);
    if (signature.size() != key.modulus.size()) return false;
    RsaContext context(key);
    auto* rsa = context.padded_with(MBEDTLS_MD_SHA512);
#if MBEDTLS_VERSION_MAJOR >= 3
    return mbedtls_rsa_rsassa_pss_verify_ext(rsa, MBEDTLS_MD_SHA512, digest_size, digest.data(),
                                             MBEDTLS_MD_SHA512, salt_size, signature.data()) == 0;
#else
    return mbedtls_rsa_rsassa_pss_verify_ext(rsa, nullptr, nullptr, MBEDTLS_RSA_PUBLIC,
                                             MBEDTLS_MD_SHA512, digest_size, digest.data(),
                                             MBEDTLS_MD_SHA512, salt_size, signature.data()) == 0;
#endif
}

}  // namespace crypto
