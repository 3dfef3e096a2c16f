// SPDX-License-Identifier: EUPL-1.2
// Digests at the edges of their blocks and with every hash of the card protocol: FIPS 180-4
// examples ("abc"), RFC 4231 case 6 (key longer than a block), RFC 5869 case 3 (no salt, no info).
#include "drivers/crypto/digest.hpp"

#include "tests/fakes/vector_file.hpp"

#include <doctest/doctest.h>

#include "drivers/base/encoding.hpp"

using crypto::Hash;
using fakes::hex;

TEST_CASE("digest: length and value of each hash") {
    struct Row {
        Hash hash;
        std::size_t bytes;
        const char* abc;
    };
    const Row rows[] = {
        {Hash::sha1, 20, "a9993e364706816aba3e25717850c26c9cd0d89d"},
        {Hash::sha224, 28, "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"},
        {Hash::sha256, 32, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {Hash::sha384, 48,
         "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca13"
         "4c825a7"},
        {Hash::sha512, 64,
         "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a"
         "3feebbd454d4423643ce80e2a9ac94fa54ca49f"}};
    for (const Row& row : rows) {
        CAPTURE(row.bytes);
        CHECK(crypto::digest_bytes(row.hash) == row.bytes);
        CHECK(base::to_hex(crypto::digest(row.hash, base::as_bytes("abc"))) == row.abc);
    }
}

TEST_CASE("digest: of parts as of the whole, wherever it is cut around a block") {
    for (const std::size_t size : {0U, 1U, 55U, 56U, 63U, 64U, 65U, 128U}) {
        base::Bytes whole;
        for (std::size_t i = 0; i < size; ++i) whole.push_back(static_cast<std::uint8_t>(i));
        const auto expected = crypto::digest(Hash::sha256, whole);
        for (std::size_t cut = 0; cut <= size; ++cut) {
            const base::ByteView view(whole);
            const auto joined = crypto::sha256({view.first(cut), {}, view.subspan(cut)});
            CHECK(base::equal(joined, expected));
        }
        CHECK(base::equal(crypto::sha256(whole), expected));
    }
}

TEST_CASE("hmac: a key longer than a block is hashed first, an empty one is a key") {
    const auto long_key = crypto::hmac_sha256(
        base::Bytes(131, 0xAA),
        base::as_bytes("Test Using Larger Than Block-Size Key - Hash Key First"));
    CHECK(base::to_hex(long_key) ==
          "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    // HMAC pads a key with zeros to a block, so no key and a zero byte are the same key.
    const auto data = base::as_bytes("x");
    CHECK(crypto::hmac_sha256({}, data) == crypto::hmac_sha256(base::Bytes(1, 0), data));
    CHECK(crypto::hmac_sha256({}, data) != crypto::hmac_sha256(base::Bytes(1, 1), data));
}

TEST_CASE("hkdf: without salt and info, and no byte beyond what was asked for") {
    const base::Bytes secret(22, 0x0B);
    const base::Bytes expected =
        hex("8DA4E775A563C18F715F802A063C5A31B8A11F5C5EE1879EC3454E5F3C738D2D9D201395FAA4B61A96C8");
    for (const std::size_t size : {0U, 1U, 31U, 32U, 33U, 42U}) {
        CAPTURE(size);
        base::Bytes out(43, 0xEE);
        crypto::hkdf_sha256(secret, {}, {}, std::span(out).first(size));
        CHECK(base::equal(base::ByteView(out).first(size), base::ByteView(expected).first(size)));
        for (std::size_t i = size; i < out.size(); ++i) CHECK(out[i] == 0xEE);
    }
}

TEST_CASE("compare: each single bit makes a difference") {
    const base::Bytes left(16, 0x5A);
    for (std::size_t bit = 0; bit < 128; ++bit) {
        base::Bytes right = left;
        right[bit / 8] = static_cast<std::uint8_t>(right[bit / 8] ^ (1U << (bit % 8)));
        CHECK_FALSE(crypto::equal_ct(left, right));
    }
    CHECK(crypto::equal_ct(left, base::Bytes(16, 0x5A)));
}
