// SPDX-License-Identifier: EUPL-1.2
// JWS and JWK: known answers of RFC 7515 and RFC 7517, and what is refused.
#include "sync/seal/jws.hpp"

#include <doctest/doctest.h>

#include "drivers/base/encoding.hpp"
#include "drivers/crypto/digest.hpp"
#include "sync/model/json.hpp"
#include "sync/seal/jwk.hpp"
#include "tests/fakes/journal_world.hpp"

using base::Errc;

namespace {

// RFC 7515 appendix A.3.
constexpr const char* rfc_key =
    R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
    R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",)"
    R"("d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"})";
constexpr const char* rfc_jws =
    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlL"
    "mNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSAp"
    "mWQxfKTUJqPP3-Kg6NU1Q";

struct Fixture {
    fakes::SeededRandom random{1};
    crypto::KeyPair key = crypto::generate_key(crypto::Curve::p256, random);
    crypto::KeyPair other = crypto::generate_key(crypto::Curve::p256, random);
    seal::PairSigner signer{key, random};
    seal::PairSigner other_signer{other, random};
    base::Bytes payload{'{', '}'};

    std::string sign(const seal::JwsHeader& header) {
        return *seal::sign_compact(header, payload, signer);
    }
};

seal::JwsHeader header(std::string typ, std::string kid = "", std::string role = "") {
    return {std::move(typ), std::move(kid), std::move(role), {}};
}

/// A compact JWS with this header text and a signature that would fit.
std::string forged(Fixture& f, std::string_view header_text) {
    const std::string input =
        base::to_base64url(base::as_bytes(header_text)) + "." + base::to_base64url(f.payload);
    const auto digest = crypto::sha256(base::as_bytes(input));
    return input + "." + base::to_base64url(*f.signer.sign_digest(digest));
}

}  // namespace

TEST_CASE("jws: known answer of RFC 7515 A.3") {
    const auto key = seal::parse_private_jwk(rfc_key);
    REQUIRE(key.has_value());
    const auto jws = seal::parse_compact(rfc_jws);
    REQUIRE(jws.has_value());
    CHECK(seal::verify(*jws, key->point));
    CHECK(base::as_text(jws->payload).starts_with("{\"iss\":\"joe\",\r\n"));
    std::string changed = rfc_jws;
    changed[40] ^= 1;
    const auto other = seal::parse_compact(changed);
    CHECK((!other.has_value() || !seal::verify(*other, key->point)));
}

TEST_CASE("jws: signed, verified, and bound to type and key") {
    Fixture f;
    const std::string text = f.sign(header("a+jwt", "k1"));
    CHECK(*seal::verify_compact(text, "a+jwt", f.key.point) == f.payload);
    CHECK(seal::parse_compact(text)->header.kid == "k1");
    CHECK(seal::verify_compact(text, "b+jwt", f.key.point).error().code == Errc::message_bad);
    CHECK(seal::verify_compact(text, "a+jwt", f.other.point).error().code == Errc::signature_bad);
    const auto brainpool = crypto::generate_key(crypto::Curve::brainpool_p256r1, f.random);
    CHECK(seal::verify_compact(text, "a+jwt", brainpool.point).error().code == Errc::signature_bad);
    seal::JwsHeader with_key = header("e+jwt");
    with_key.jwk = f.key.point;
    CHECK(seal::parse_compact(f.sign(with_key))->header.jwk->bytes == f.key.point.bytes);
}

TEST_CASE("jws: every changed character is noticed") {
    Fixture f;
    const std::string text = f.sign(header("a+jwt", "k1"));
    for (std::size_t at = 0; at < text.size(); ++at) {
        std::string changed = text;
        changed[at] = changed[at] == 'A' ? 'B' : 'A';
        if (changed == text) continue;
        CHECK_FALSE(seal::verify_compact(changed, "a+jwt", f.key.point).has_value());
    }
}

TEST_CASE("jws: headers that are refused") {
    Fixture f;
    CHECK(seal::parse_compact(forged(f, R"({"alg":"ES256","x5t":"passed over"})")).has_value());
    for (const char* text :
         {R"({"alg":"none"})", R"({"alg":"HS256"})", R"({"alg":"es256"})", R"({"typ":"a"})", "{}",
          R"({"alg":"ES256","alg":"ES256"})", R"({"alg":"ES256","crit":["exp"],"exp":1})",
          R"({"alg":"ES256","b64":false})", R"({"alg":"ES256","kid":7})", "[]", "x",
          R"({"alg":"ES256","jwk":{"kty":"EC"}})"}) {
        CHECK(seal::parse_compact(forged(f, text)).error().code == Errc::message_bad);
    }
    for (const char* text : {"", ".", "..", "a.b", "a.b.c", "a.b.c.d"}) {
        CHECK_FALSE(seal::parse_compact(text).has_value());
    }
    CHECK_FALSE(seal::parse_compact(f.sign(header("a")) + "AAAA").has_value());
}

TEST_CASE("jws: two roles under one payload") {
    Fixture f;
    const std::vector<seal::NamedKey> keys{{"p", "publisher", f.key.point},
                                           {"d", "approver", f.other.point}};
    const seal::GeneralSigner both[] = {{header("", "p", "publisher"), &f.signer},
                                        {header("", "d", "approver"), &f.other_signer}};
    const auto signed_by = [&](std::span<const seal::GeneralSigner> signers) {
        return *seal::sign_general(f.payload, signers);
    };
    const auto verified = seal::verify_general(signed_by(both), keys);
    REQUIRE(verified.has_value());
    CHECK(verified->payload == f.payload);
    CHECK(verified->keys == std::vector<std::size_t>{0, 1});

    SUBCASE("one signer twice counts once") {
        const seal::GeneralSigner twice[] = {both[0], both[0]};
        CHECK(seal::verify_general(signed_by(twice), keys)->keys.size() == 1);
    }
    SUBCASE("an unknown signer does not count") {
        const seal::GeneralSigner unknown[] = {both[0], {header("", "x", "approver"), &f.signer}};
        CHECK(seal::verify_general(signed_by(unknown), keys)->keys.size() == 1);
    }
    SUBCASE("a known name with another key does not count, and keeps nobody else from counting") {
        const seal::GeneralSigner liar[] = {both[0], {header("", "d", "approver"), &f.signer}};
        CHECK(seal::verify_general(signed_by(liar), keys)->keys == std::vector<std::size_t>{0});
        const auto alone = signed_by({&liar[1], 1});
        CHECK(seal::verify_general(alone, keys).error().code == Errc::signature_bad);
    }
    SUBCASE("a role that the key does not have does not count") {
        const seal::GeneralSigner role[] = {{header("", "p", "approver"), &f.signer}};
        CHECK(seal::verify_general(signed_by(role), keys).error().code == Errc::signature_bad);
    }
    SUBCASE("forms") {
        for (const char* bad : {"{}", R"({"payload":"e30","signatures":[]})",
                                R"({"payload":"e30","signatures":[{}]})", R"({"payload":"e30"})"}) {
            CHECK(seal::verify_general(bad, keys).error().code == Errc::message_bad);
        }
    }
}

TEST_CASE("jwk: keys are read strictly") {
    const auto pair = seal::parse_private_jwk(rfc_key);
    REQUIRE(pair.has_value());
    const std::string text = seal::write_public_jwk({"k", pair->point});
    CHECK(text == R"({"crv":"P-256","kty":"EC","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
                  R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","kid":"k"})");
    CHECK(seal::parse_public_jwk(text)->kid == "k");
    CHECK(seal::parse_private_jwk(seal::write_private_jwk(*pair, ""))->point.bytes ==
          pair->point.bytes);
    const auto refused = [&](const std::string& json) {
        const auto read = seal::parse_public_jwk(json);
        return !read.has_value() && read.error().code == Errc::key_bad;
    };
    CHECK(refused(rfc_key));  // a private key has no business here
    CHECK(refused("{}"));
    CHECK(refused("7"));
    for (const auto& [part, other] :
         {std::pair{"P-256", "P-384"}, std::pair{"\"EC\"", "\"OKP\""}, std::pair{"f83O", "f83P"},
          std::pair{"x_FEz", "_FEz"}, std::pair{"\"kid\"", "\"kit\""}}) {
        std::string changed = text;
        changed.replace(changed.find(part), std::string_view(part).size(), other);
        CHECK(refused(changed));
    }
    std::string halves = rfc_key;
    halves.replace(halves.find("jpsQ"), 4, "jpsR");
    CHECK(seal::parse_private_jwk(halves).error().code == Errc::key_bad);
}
