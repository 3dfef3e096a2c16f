// SPDX-License-Identifier: EUPL-1.2
// Key agreement with known answers: RFC 5903 8.1 (P-256) and RFC 7027 A.1 (brainpoolP256r1). And
// the numbers of a curve, which all threads share, stay what they are.
#include "drivers/crypto/ec.hpp"

#include "drivers/crypto/ec_group.hpp"
#include "drivers/crypto/ecdsa.hpp"
#include "drivers/crypto/random.hpp"
#include "tests/fakes/vector_file.hpp"

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <cstring>
#include <thread>

#include "drivers/base/encoding.hpp"

using crypto::Curve;
using fakes::hex;

namespace {

struct Agreement {
    Curve curve;
    const char* own;
    const char* own_x;
    const char* own_y;
    const char* peer;
    const char* shared;
};

constexpr Agreement agreements[] = {
    {Curve::p256, "C88F01F510D9AC3F70A292DAA2316DE544E9AAB8AFE84049C62A9C57862D1433",
     "DAD0B65394221CF9B051E1FECA5787D098DFE637FC90B9EF945D0C3772581180",
     "5271A0461CDB8252D61F1C456FA3E59AB1F45B33ACCF5F58389E0577B8990BB3",
     "C6EF9C5D78AE012A011164ACB397CE2088685D8F06BF9BE0B283AB46476BEE53",
     "D6840F6B42F6EDAFD13116E0E12565202FEF8E9ECE7DCE03812464D04B9442DE"},
    {Curve::brainpool_p256r1, "81DB1EE100150FF2EA338D708271BE38300CB54241D79950F77B063039804F1D",
     "44106E913F92BC02A1705D9953A8414DB95E1AAA49E81D9E85F929A8E3100BE5",
     "8AB4846F11CACCB73CE49CBDD120F5A900A69FD32C272223F789EF10EB089BDC",
     "55E40BC41E37E3E2AD25C3C6654511FFA8474A91A0032087593852D3E7D76BD3",
     "89AFC39D41D3B327814B80940B042590F96556EC91E6AE7939BCE31F3A18BF2B"}};

/// The object itself: where a table or number lies, and how long it is, stands in it.
using Image = std::array<std::uint8_t, sizeof(mbedtls_ecp_group)>;
Image image_of(Curve curve) {
    Image image{};
    std::memcpy(image.data(), crypto::EcGroup(curve).get(), image.size());
    return image;
}

}  // namespace

TEST_CASE("ec: public keys and shared secrets of the norms' examples") {
    crypto::SystemRandom random;
    for (const Agreement& row : agreements) {
        const auto own = crypto::key_from_scalar(row.curve, hex(row.own));
        const auto peer = crypto::key_from_scalar(row.curve, hex(row.peer));
        REQUIRE(own.has_value());
        REQUIRE(peer.has_value());
        CHECK(base::equal(own->point.x(), hex(row.own_x)));
        CHECK(base::equal(own->point.y(), hex(row.own_y)));
        const auto shared = crypto::shared_x(*own, peer->point, random);
        REQUIRE(shared.has_value());
        CHECK(base::equal(shared->expose(), hex(row.shared)));
        const auto product = crypto::multiply(own->secret, peer->point, random);
        REQUIRE(product.has_value());
        CHECK(base::equal(product->x(), hex(row.shared)));
    }
}

TEST_CASE("ec: generic mapping is nonce times generator plus shared point, reduced") {
    crypto::SystemRandom random;
    const Curve curve = Curve::brainpool_p256r1;
    const auto key_of = [&](unsigned scalar) {
        return *crypto::key_from_scalar(curve, base::Bytes{static_cast<std::uint8_t>(scalar)});
    };
    // 5 G + 7 G = 12 G.
    const auto mapped = crypto::map_generic(curve, base::Bytes{5}, key_of(7).point, random);
    REQUIRE(mapped.has_value());
    CHECK(mapped->bytes == key_of(12).point.bytes);
    // A nonce of order + 5 is 5.
    base::Bytes above = crypto::domain_parameters(curve).order;
    above.back() = static_cast<std::uint8_t>(above.back() + 5);
    CHECK(crypto::map_generic(curve, above, key_of(7).point, random)->bytes == mapped->bytes);
    // (order - 7) G + 7 G is no point.
    base::Bytes opposite = crypto::domain_parameters(curve).order;
    opposite.back() = static_cast<std::uint8_t>(opposite.back() - 7);
    CHECK(crypto::map_generic(curve, opposite, key_of(7).point, random).error().code ==
          base::Errc::key_bad);
    CHECK(crypto::map_generic(Curve::p256, base::Bytes{5}, key_of(7).point, random).error().code ==
          base::Errc::key_bad);
    // 3 times 4 G.
    const auto on_mapped = crypto::key_on(key_of(4).point, base::Bytes{3}, random);
    REQUIRE(on_mapped.has_value());
    CHECK(on_mapped->point.bytes == key_of(12).point.bytes);
}

TEST_CASE("ec: no operation changes what all share of a curve") {
    crypto::SystemRandom random;
    const base::Bytes digest(32, 0x5A);
    for (const Curve curve : {Curve::p256, Curve::p384, Curve::p521, Curve::brainpool_p256r1,
                              Curve::brainpool_p384r1, Curve::brainpool_p512r1}) {
        const Image before = image_of(curve);
        const auto numbers = crypto::domain_parameters(curve);
        const auto left = crypto::generate_key(curve, random);
        const auto right = *crypto::generate_key_on(left.point, random);
        CHECK(crypto::shared_x(left, right.point, random).has_value());
        CHECK(crypto::multiply(left.secret, right.point, random).has_value());
        CHECK(crypto::map_generic(curve, base::Bytes(16, 3), left.point, random).has_value());
        CHECK(crypto::parse_point(curve, left.point.bytes).has_value());
        const auto signature = crypto::ecdsa_sign(left, digest, random);
        CHECK(crypto::ecdsa_verify(left.point, digest, *signature));
        CHECK(image_of(curve) == before);
        CHECK(crypto::domain_parameters(curve).generator == numbers.generator);
    }
}

TEST_CASE("ec: many threads use one curve at once and agree") {
    std::atomic<unsigned> agreed = 0;
    const auto work = [&] {
        crypto::SystemRandom random;
        for (unsigned round = 0; round < 5; ++round) {
            const auto own = crypto::generate_key(Curve::p384, random);
            const auto peer = crypto::generate_key(Curve::p384, random);
            const auto here = crypto::shared_x(own, peer.point, random);
            const auto there = crypto::shared_x(peer, own.point, random);
            if (here && there && base::equal(here->expose(), there->expose())) ++agreed;
        }
    };
    {
        std::array<std::jthread, 4> threads;
        for (std::jthread& thread : threads) thread = std::jthread(work);
    }
    CHECK(agreed == 20);
}
