// SPDX-License-Identifier: EUPL-1.2
// JWE: the known answer of RFC 7518 appendix C, both ways, and what is refused.
#include "sync/seal/jwe.hpp"

#include <doctest/doctest.h>

#include "drivers/base/encoding.hpp"
#include "drivers/base/limits.hpp"
#include "tests/fakes/journal_world.hpp"

using base::Errc;

namespace {

struct Fixture {
    fakes::SeededRandom random{1};
    crypto::KeyPair key = crypto::generate_key(crypto::Curve::p256, random);
    crypto::KeyPair other = crypto::generate_key(crypto::Curve::p256, random);

    std::string seal(base::ByteView plain) {
        return *seal::seal_jwe(plain, {"views-1", key.point}, random);
    }
    base::Result<base::Bytes> open(std::string_view jwe) {
        return seal::open_jwe(jwe, key, random);
    }
};

/// The same message under another protected header.
std::string with_header(const std::string& jwe, std::string_view part, std::string_view other) {
    const std::size_t dot = jwe.find('.');
    const auto bytes = base::from_base64url(jwe.substr(0, dot));
    std::string header(bytes->begin(), bytes->end());
    header.replace(header.find(part), part.size(), other);
    return base::to_base64url(base::as_bytes(header)) + jwe.substr(dot);
}

}  // namespace

TEST_CASE("jwe: Concat KDF and agreement of RFC 7518 appendix C") {
    fakes::SeededRandom random{1};
    const auto alice = seal::parse_private_jwk(
        R"({"kty":"EC","crv":"P-256","x":"gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0",)"
        R"("y":"SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps",)"
        R"("d":"0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo"})");
    const auto bob = seal::parse_private_jwk(
        R"({"kty":"EC","crv":"P-256","x":"weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ",)"
        R"("y":"e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck",)"
        R"("d":"VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw"})");
    REQUIRE(alice.has_value());
    REQUIRE(bob.has_value());
    for (const auto& [own, peer] : {std::pair{&*alice, &*bob}, std::pair{&*bob, &*alice}}) {
        const auto shared = crypto::shared_x(*own, peer->point, random);
        REQUIRE(shared.has_value());
        base::Bytes key(16);
        seal::concat_kdf(shared->expose(), "A128GCM", base::as_bytes("Alice"),
                         base::as_bytes("Bob"), key);
        CHECK(base::to_base64url(key) == "VqqN6vgjbSBcIijNcacQGg");
    }
}

TEST_CASE("jwe: what is sealed opens with the right key only") {
    Fixture f;
    for (const std::size_t size : {0U, 1U, 15U, 16U, 17U, 255U, 256U, 16'384U}) {
        const base::Bytes plain(size, 0x5A);
        const std::string jwe = f.seal(plain);
        CHECK(*f.open(jwe) == plain);
        CHECK(*seal::jwe_kid(jwe) == "views-1");
        CHECK(seal::open_jwe(jwe, f.other, f.random).error().code == Errc::open_failed);
        CHECK(jwe != f.seal(plain));
        CHECK(jwe.size() < limits::sealed_bytes_max);
    }
    const auto p384 = crypto::generate_key(crypto::Curve::p384, f.random);
    CHECK(seal::seal_jwe({}, {"", p384.point}, f.random).error().code == Errc::seal_failed);
}

TEST_CASE("jwe: an agreement made ahead serves one message, and none is like another") {
    Fixture f;
    const seal::PublicJwk recipient{"views-1", f.key.point};
    auto first = seal::Agreement::make(recipient, f.random);
    auto second = seal::Agreement::make(recipient, f.random);
    REQUIRE(first.has_value());
    REQUIRE(second.has_value());
    static_assert(!std::is_copy_constructible_v<seal::Agreement>);
    const base::Bytes plain(300, 0x5A);
    const std::string one = seal::seal_jwe(plain, std::move(*first), f.random);
    const std::string two = seal::seal_jwe(plain, std::move(*second), f.random);
    CHECK(*f.open(one) == plain);
    CHECK(*f.open(two) == plain);
    const auto header = [](const std::string& jwe) { return jwe.substr(0, jwe.find('.')); };
    CHECK_MESSAGE(header(one) != header(two), "the ephemeral key is fresh");
    const auto p384 = crypto::generate_key(crypto::Curve::p384, f.random);
    CHECK(seal::Agreement::make({"", p384.point}, f.random).error().code == Errc::seal_failed);
}

TEST_CASE("jwe: every changed character is noticed") {
    Fixture f;
    const std::string jwe = f.seal(base::as_bytes("declaration"));
    for (std::size_t at = 0; at < jwe.size(); ++at) {
        std::string changed = jwe;
        changed[at] = changed[at] == 'A' ? 'B' : 'A';
        const auto opened = f.open(changed);
        REQUIRE(!opened.has_value());
        const Errc code = opened.error().code;
        CHECK((code == Errc::message_bad || code == Errc::open_failed));
    }
    for (std::size_t size = 0; size < jwe.size(); size += 3) {
        CHECK_FALSE(f.open(jwe.substr(0, size)).has_value());
    }
    CHECK(f.open(jwe + ".").error().code == Errc::message_bad);
}

TEST_CASE("jwe: other algorithms and extensions are refused before any key is used") {
    Fixture f;
    const std::string jwe = f.seal(base::as_bytes("x"));
    for (const auto& [part, other] :
         {std::pair{"ECDH-ES+A256KW", "ECDH-ES"}, std::pair{"A256GCM", "A128GCM"},
          std::pair{"\"kid\"", "\"zip\""}, std::pair{"\"kid\"", "\"crit\""},
          std::pair{"P-256", "P-521"}, std::pair{"\"epk\"", "\"epq\""}}) {
        CHECK(f.open(with_header(jwe, part, other)).error().code == Errc::message_bad);
    }
    CHECK(f.open(std::string(limits::sealed_bytes_max + 1, 'a')).error().code == Errc::message_bad);
}
