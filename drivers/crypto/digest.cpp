// SPDX-License-Identifier: EUPL-1.2
#include "drivers/crypto/digest.hpp"

#include <mbedtls/hkdf.h>
#include <mbedtls/md.h>
#include <mbedtls/platform_util.h>

#include "drivers/base/check.hpp"
#include "drivers/base/handle.hpp"

namespace crypto {
namespace {

using MdContext = base::Pinned<mbedtls_md_context_t, mbedtls_md_init, mbedtls_md_free>;

const mbedtls_md_info_t* info_of(Hash hash) {
    mbedtls_md_type_t type = MBEDTLS_MD_NONE;
    switch (hash) {
        case Hash::sha1:
            type = MBEDTLS_MD_SHA1;
            break;
        case Hash::sha224:
            type = MBEDTLS_MD_SHA224;
            break;
        case Hash::sha256:
            type = MBEDTLS_MD_SHA256;
            break;
        case Hash::sha384:
            type = MBEDTLS_MD_SHA384;
            break;
        case Hash::sha512:
            type = MBEDTLS_MD_SHA512;
            break;
    }
    const mbedtls_md_info_t* info = mbedtls_md_info_from_type(type);
    CHECK(info != nullptr);
    return info;
}

}  // namespace

std::size_t digest_bytes(Hash hash) {
    return mbedtls_md_get_size(info_of(hash));
}

base::Bytes digest(Hash hash, base::ByteView data) {
    base::Bytes out(digest_bytes(hash));
    CHECK(mbedtls_md(info_of(hash), data.data(), data.size(), out.data()) == 0);
    return out;
}

Sha256Digest sha256(base::ByteView data) {
    return sha256({data});
}

Sha256Digest sha256(std::initializer_list<base::ByteView> parts) {
    MdContext context;
    CHECK(mbedtls_md_setup(context.get(), info_of(Hash::sha256), 0) == 0);
    CHECK(mbedtls_md_starts(context.get()) == 0);
    for (const base::ByteView part : parts) {
        CHECK(mbedtls_md_update(context.get(), part.data(), part.size()) == 0);
    }
    Sha256Digest out{};
    CHECK(mbedtls_md_finish(context.get(), out.data()) == 0);
    return out;
}

Sha256Digest hmac_sha256(base::ByteView key, base::ByteView data) {
    Sha256Digest out{};
    CHECK(mbedtls_md_hmac(info_of(Hash::sha256), key.data(), key.size(), data.data(), data.size(),
                          out.data()) == 0);
    return out;
}

void hkdf_sha256(base::ByteView secret, base::ByteView salt, base::ByteView info,
                 std::span<std::uint8_t> out) {
    CHECK(mbedtls_hkdf(info_of(Hash::sha256), salt.data(), salt.size(), secret.data(),
                       secret.size(), info.data(), info.size(), out.data(), out.size()) == 0);
}

bool equal_ct(base::ByteView left, base::ByteView right) {
    if (left.size() != right.size()) return false;
    // Not mbedtls_ct_memcmp: 2.28 names it otherwise in its early releases, and this is all it
    // does.
    volatile std::uint8_t difference = 0;
    for (std::size_t i = 0; i < left.size(); ++i) {
        difference = static_cast<std::uint8_t>(difference | (left[i] ^ right[i]));
    }
    return difference == 0;
}

}  // namespace crypto
