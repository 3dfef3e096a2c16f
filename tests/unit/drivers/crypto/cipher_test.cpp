// SPDX-License-Identifier: EUPL-1.2
// Primitives against the examples of their norms: FIPS 180-4 (hash), RFC 4231 (HMAC), RFC 5869
// (HKDF), FIPS 197 (AES), SP 800-38A F.2 (CBC), RFC 4493 (CMAC), the GCM specification (test case
// 4), RFC 3394 4 (key wrap).
#include "drivers/crypto/cipher.hpp"

#include "drivers/crypto/digest.hpp"
#include "tests/fakes/vector_file.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "drivers/base/encoding.hpp"

using fakes::hex;

TEST_CASE("digest: 'abc' and the empty string") {
    const auto abc = base::as_bytes("abc");
    CHECK(base::to_hex(crypto::digest(crypto::Hash::sha1, abc)) ==
          "a9993e364706816aba3e25717850c26c9cd0d89d");
    CHECK(base::to_hex(crypto::digest(crypto::Hash::sha224, abc)) ==
          "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7");
    CHECK(base::to_hex(crypto::sha256(abc)) ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(base::to_hex(crypto::sha256(base::ByteView())) ==
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(base::to_hex(crypto::digest(crypto::Hash::sha512, abc)).substr(0, 32) ==
          "ddaf35a193617abacc417349ae204131");
    CHECK(crypto::sha256({base::as_bytes("a"), base::as_bytes("bc")}) == crypto::sha256(abc));
}

TEST_CASE("hmac and hkdf: RFC 4231 case 2, RFC 5869 case 1") {
    CHECK(base::to_hex(crypto::hmac_sha256(base::as_bytes("Jefe"),
                                           base::as_bytes("what do ya want for nothing?"))) ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    base::Bytes out(42);
    crypto::hkdf_sha256(base::Bytes(22, 0x0B), hex("000102030405060708090A0B0C"),
                        hex("F0F1F2F3F4F5F6F7F8F9"), out);
    CHECK(base::to_hex(out) ==
          "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
}

TEST_CASE("aes: single blocks, CBC and CMAC") {
    const base::Bytes key = hex("000102030405060708090A0B0C0D0E0F");
    crypto::AesBlock block{};
    std::ranges::copy(hex("00112233445566778899AABBCCDDEEFF"), block.begin());
    const auto coded = crypto::aes_encrypt_block(key, block);
    CHECK(base::to_hex(coded) == "69c4e0d86a7b0430d8cdb78070b4c55a");
    CHECK(crypto::aes_decrypt_block(key, coded) == block);

    const base::Bytes other = hex("2B7E151628AED2A6ABF7158809CF4F3C");
    crypto::AesBlock iv{};
    std::ranges::copy(key, iv.begin());
    const base::Bytes plain = hex("6BC1BEE22E409F96E93D7E117393172A");
    CHECK(base::to_hex(crypto::aes_cbc_encrypt(other, iv, plain)) ==
          "7649abac8119b246cee98e9b12e9197d");
    CHECK(crypto::aes_cbc_decrypt(other, iv, hex("7649ABAC8119B246CEE98E9B12E9197D")) == plain);
    CHECK(base::to_hex(crypto::aes_cmac(other, {})) == "bb1d6929e95937287fa37d129b756746");
    CHECK(base::to_hex(crypto::aes_cmac(other, plain)) == "070a16b46b4d4144f79bdd9dd04a287c");
}

TEST_CASE("gcm: a known tag, and nothing of the plaintext when it does not fit") {
    const base::Bytes key = hex("FEFFE9928665731C6D6A8F9467308308");
    const base::Bytes nonce = hex("CAFEBABEFACEDBADDECAF888");
    const base::Bytes aad = hex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2");
    const base::Bytes plain =
        hex("D9313225F88406E5A55909C5AFF5269A86A7A9531534F7DA2E4C303D8A318A721C3C0C95956809532FCF0E"
            "2449A6B525"
            "B16AEDF5AA0DE657BA637B39");
    base::Bytes sealed = crypto::gcm_seal(key, nonce, aad, plain);
    CHECK(base::to_hex(base::ByteView(sealed).last(16)) == "5bc94fbc3221a5db94fae95ae7121a47");
    CHECK(*crypto::gcm_open(key, nonce, aad, sealed) == plain);
    sealed[3] ^= 1U;
    CHECK(crypto::gcm_open(key, nonce, aad, sealed).error().code == base::Errc::open_failed);
    CHECK_FALSE(crypto::gcm_open(key, nonce, aad, base::Bytes(15)).has_value());
    CHECK_FALSE(crypto::gcm_open(key, base::Bytes(11), aad, sealed).has_value());
}

TEST_CASE("key wrap: RFC 3394 4.6, and a changed byte") {
    const base::Bytes kek = hex("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F");
    const base::Bytes key = hex("00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F");
    base::Bytes wrapped = crypto::key_wrap(kek, key);
    CHECK(base::to_hex(wrapped) ==
          "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21");
    CHECK(*crypto::key_unwrap(kek, wrapped) == key);
    wrapped[0] ^= 1U;
    CHECK_FALSE(crypto::key_unwrap(kek, wrapped).has_value());
    CHECK_FALSE(crypto::key_unwrap(kek, base::Bytes(16)).has_value());
}

TEST_CASE("compare: equal only for the same length and bytes") {
    CHECK(crypto::equal_ct({}, {}));
    CHECK(crypto::equal_ct(hex("AA00"), hex("AA00")));
    CHECK_FALSE(crypto::equal_ct(hex("AA00"), hex("AA01")));
    CHECK_FALSE(crypto::equal_ct(hex("AA"), hex("AA00")));
}
