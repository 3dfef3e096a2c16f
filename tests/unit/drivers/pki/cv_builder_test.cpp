// SPDX-License-Identifier: EUPL-1.2
// CV certificates: layout, rights, dates and signature. That others accept them is judges.sh; that
// our reader does, tests/unit/drivers/eid. Norm: BSI TR-03110-3 C.1.
#include "drivers/pki/cv_builder.hpp"

#include <doctest/doctest.h>

#include <string>

#include "drivers/base/encoding.hpp"
#include "drivers/crypto/ecdsa.hpp"
#include "tests/unit/drivers/pki/seeded_random.hpp"

using namespace std::chrono_literals;

namespace {

pki::CvRequest request(const crypto::KeyPair& key) {
    return {.role = eid::Role::cvca,
            .authority_reference = "DETESTCA00001",
            .holder_reference = "DETESTCA00001",
            .key = key.point,
            .rights = eid::Rights{eid::rights_mask},
            .effective = std::chrono::sys_days{2026y / 11 / 24},
            .expiration = std::chrono::sys_days{2029y / 1 / 2},
            .extensions = {}};
}

bool contains(const base::Bytes& bytes, std::string_view hex) {
    return base::to_hex(bytes).find(hex) != std::string::npos;
}

}  // namespace

TEST_CASE("cv: a self-signed certificate verifies under its own key, over the body only") {
    for (const auto curve : {crypto::Curve::brainpool_p256r1, crypto::Curve::p256,
                             crypto::Curve::brainpool_p384r1, crypto::Curve::brainpool_p512r1}) {
        SeededRandom random(7);
        const auto key = crypto::generate_key(curve, random);
        const auto built = pki::build_cv_certificate(request(key), key, random);
        REQUIRE(built.has_value());
        const std::size_t size = 2 * crypto::curve_bytes(curve);
        const base::ByteView all(*built);
        // 7F21 L L L, body, 5F37 with one or two length bytes, signature.
        const std::size_t head = size > 0x7F ? 4 : 3;
        const base::ByteView body = all.subspan(5, all.size() - 5 - size - head);
        REQUIRE(body[0] == 0x7F);
        REQUIRE(body[1] == 0x4E);
        CHECK(crypto::ecdsa_verify(key.point, crypto::digest(pki::hash_of(curve), body),
                                   all.last(size)));
    }
}

TEST_CASE("cv: dates are unpacked digits, both ends included") {
    SeededRandom random(1);
    const auto key = crypto::generate_key(crypto::Curve::brainpool_p256r1, random);
    const auto built = pki::build_cv_certificate(request(key), key, random);
    REQUIRE(built.has_value());
    CHECK(contains(*built, "5f2506020601010204"));
    CHECK(contains(*built, "5f2406020900010002"));
}

TEST_CASE("cv: the role is in the two highest bits, the rights below") {
    SeededRandom random(1);
    const auto key = crypto::generate_key(crypto::Curve::brainpool_p256r1, random);
    auto asked = request(key);
    struct Row {
        eid::Role role;
        eid::Rights rights;
        const char* template_53;
    };
    const Row rows[] = {
        {eid::Role::cvca, eid::Rights{eid::rights_mask}, "5305ffffffffff"},
        {eid::Role::dv_official, eid::Rights{eid::rights_mask}, "5305bfffffffff"},
        {eid::Role::dv_non_official, {}, "53054000000000"},
        {eid::Role::terminal, {}, "53050000000000"},
        {eid::Role::terminal, eid::right_read(1), "53050000000100"},
        {eid::Role::terminal, eid::right_read(21), "53050010000000"},
        {eid::Role::terminal, eid::right_age_verification | eid::right_can_allowed,
         "53050000000011"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.template_53);
        asked.role = row.role;
        asked.rights = row.rights;
        const auto built = pki::build_cv_certificate(asked, key, random);
        REQUIRE(built.has_value());
        CHECK(contains(*built, row.template_53));
    }
}

TEST_CASE("cv: only a CVCA carries domain parameters") {
    SeededRandom random(1);
    const auto key = crypto::generate_key(crypto::Curve::brainpool_p256r1, random);
    const std::string prime = base::to_hex(crypto::domain_parameters(key.point.curve).prime);
    auto asked = request(key);
    CHECK(contains(*pki::build_cv_certificate(asked, key, random), prime));
    asked.role = eid::Role::dv_official;
    CHECK_FALSE(contains(*pki::build_cv_certificate(asked, key, random), prime));
}

TEST_CASE("cv: references and dates outside the profile are refused") {
    SeededRandom random(1);
    const auto key = crypto::generate_key(crypto::Curve::brainpool_p256r1, random);
    const auto holder = [&](const char* reference) {
        auto asked = request(key);
        asked.holder_reference = reference;
        return pki::build_cv_certificate(asked, key, random).has_value();
    };
    CHECK(holder("DEA00001"));          // shortest: 2 + 1 + 5
    CHECK(holder("DEABCDEFGHI00001"));  // longest: 2 + 9 + 5
    CHECK_FALSE(holder("DE00001"));
    CHECK_FALSE(holder("DEABCDEFGHIJ00001"));
    CHECK_FALSE(holder("deabc00001"));
    CHECK_FALSE(holder("D1ABC00001"));
    CHECK_FALSE(holder("DEÄBC00001"));

    auto asked = request(key);
    asked.expiration = asked.effective;
    CHECK(pki::build_cv_certificate(asked, key, random).has_value());
    asked.expiration = asked.effective - std::chrono::days(1);
    CHECK_FALSE(pki::build_cv_certificate(asked, key, random).has_value());
    asked = request(key);
    asked.expiration = std::chrono::sys_days{2099y / 12 / 31};
    CHECK(pki::build_cv_certificate(asked, key, random).has_value());
    asked.expiration += std::chrono::days(1);
    CHECK_FALSE(pki::build_cv_certificate(asked, key, random).has_value());
}

TEST_CASE("cv: the sector extension holds the hash of the whole key object") {
    SeededRandom random(3);
    const auto key = crypto::generate_key(crypto::Curve::brainpool_p256r1, random);
    const base::Bytes sector = pki::encode_sector_key(key.point);
    CHECK(sector[0] == 0x7F);
    CHECK(sector[1] == 0x49);
    const auto hash = base::to_hex(crypto::sha256(sector));
    const auto one = pki::sector_extension(crypto::Hash::sha256, {.first = sector, .second = {}});
    CHECK(contains(one, "8020" + hash));
    CHECK_FALSE(contains(one, "8120" + hash));
    const auto two =
        pki::sector_extension(crypto::Hash::sha256, {.first = sector, .second = sector});
    CHECK(contains(two, "8020" + hash + "8120" + hash));
}
