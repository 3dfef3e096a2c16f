// SPDX-License-Identifier: EUPL-1.2
// ECDSA with the known answers of RFC 6979 A.2.5 (P-256, "sample"), and every way in which a DER
// signature can be wrong (X.690 8.3, 10.1).
#include "drivers/crypto/ecdsa.hpp"

#include "drivers/crypto/digest.hpp"
#include "drivers/crypto/random.hpp"
#include "tests/fakes/vector_file.hpp"

#include <doctest/doctest.h>

#include "drivers/base/encoding.hpp"

using crypto::Curve;
using crypto::Hash;
using fakes::hex;

namespace {

constexpr const char* key_x = "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6";
constexpr const char* key_y = "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299";
constexpr const char* scalar = "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721";

struct Known {
    Hash hash;
    const char* r;
    const char* s;
};
constexpr Known known[] = {
    {Hash::sha256, "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716",
     "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8"},
    // A digest longer than the order counts with its first 256 bits.
    {Hash::sha512, "8496A60B5E9B47C825488827E0495B0E3FA109EC4568FD3F8D1097678EB97F00",
     "2362AB1ADBE2B8ADF9CB9EDAB740EA6049C028114F2460F96554F61FAE3302FE"}};

}  // namespace

TEST_CASE("ecdsa: signatures of the norm's example verify, and only for their digest and key") {
    const auto key = crypto::key_from_scalar(Curve::p256, hex(scalar));
    REQUIRE(key.has_value());
    CHECK(base::equal(key->point.x(), hex(key_x)));
    CHECK(base::equal(key->point.y(), hex(key_y)));
    const auto other = crypto::key_from_scalar(Curve::p256, base::Bytes{2});
    for (const Known& row : known) {
        const base::Bytes signature = base::concat({hex(row.r), hex(row.s)});
        auto digest = crypto::digest(row.hash, base::as_bytes("sample"));
        CHECK(crypto::ecdsa_verify(key->point, digest, signature));
        CHECK_FALSE(crypto::ecdsa_verify(other->point, digest, signature));
        CHECK_FALSE(
            crypto::ecdsa_verify(key->point, digest, base::concat({hex(row.s), hex(row.r)})));
        digest[31] ^= 1U;
        CHECK_FALSE(crypto::ecdsa_verify(key->point, digest, signature));
    }
}

TEST_CASE("ecdsa: r and s are 1 to order - 1, each of full length") {
    const auto key = *crypto::key_from_scalar(Curve::p256, hex(scalar));
    const auto digest = crypto::digest(Hash::sha256, base::as_bytes("sample"));
    const base::Bytes order = crypto::domain_parameters(Curve::p256).order;
    const base::Bytes zero(32, 0);
    const base::Bytes r = hex(known[0].r);
    const base::Bytes s = hex(known[0].s);
    for (const auto& [first, second] :
         {std::pair(zero, s), std::pair(r, zero), std::pair(order, s), std::pair(r, order)}) {
        CHECK_FALSE(crypto::ecdsa_verify(key.point, digest, base::concat({first, second})));
    }
    const base::Bytes whole = base::concat({r, s});
    const base::ByteView view(whole);
    CHECK_FALSE(crypto::ecdsa_verify(key.point, digest, view.first(63)));
    CHECK_FALSE(crypto::ecdsa_verify(key.point, digest, base::concat({whole, zero})));
}

TEST_CASE("ecdsa: DER integers lose zeros and keep their sign, at every edge") {
    struct Row {
        const char* r;
        const char* der;
    };
    const Row rows[] = {{"00",
                         "300602010002"
                         "0101"},
                        {"01",
                         "300602010102"
                         "0101"},
                        {"7F",
                         "300602017F02"
                         "0101"},
                        {"80",
                         "3007020200800201"
                         "01"},
                        {"FF",
                         "3007020200FF0201"
                         "01"}};
    for (const Row& row : rows) {
        CAPTURE(row.r);
        base::Bytes plain(64, 0);
        plain[31] = hex(row.r)[0];
        plain[63] = 1;
        CHECK(base::to_hex(crypto::signature_to_der(plain)) == base::to_hex(hex(row.der)));
        CHECK(crypto::signature_from_der(Curve::p256, hex(row.der)) == plain);
    }
    // P-521 without leading zeros: the sequence needs a length of two bytes.
    base::Bytes large(132, 0x01);
    const base::Bytes der = crypto::signature_to_der(large);
    CHECK(base::to_hex(base::ByteView(der).first(5)) == "3081880242");
    CHECK(crypto::signature_from_der(Curve::p521, der) == large);
}

TEST_CASE("ecdsa: malformed DER is no signature") {
    for (const char* bad : {"",                    // nothing
                            "30",                  // no length
                            "3000",                // no integers
                            "3003020101",          // one integer
                            "300602010102010100",  // a byte behind
                            "3007020101020101",    // longer than it is
                            "3005020101020101",    // shorter than it is
                            "300602018002"
                            "0101",  // negative
                            "3007020200010201"
                            "01",  // needless zero
                            "3008020300008002"
                            "0101",            // two zeros
                            "30050200020101",  // an integer without bytes
                            "310602010102"
                            "0101",  // no sequence
                            "300603010102"
                            "0101",  // no integer
                            "300902010102010102"
                            "0101"}) {  // three integers
        CAPTURE(bad);
        CHECK_FALSE(crypto::signature_from_der(Curve::p256, hex(bad)).has_value());
    }
    // 33 significant bytes are too many for P-256 and enough for P-384.
    const base::Bytes wide = base::concat({hex("3026022101"), base::Bytes(32, 0), hex("020101")});
    CHECK_FALSE(crypto::signature_from_der(Curve::p256, wide).has_value());
    CHECK(crypto::signature_from_der(Curve::p384, wide).has_value());
}
