// SPDX-License-Identifier: EUPL-1.2
// RSA as FIT-Connect uses it. The other side is the `jose` command: it makes the keys, opens what
// we seal and signs what we check.
#include "sync/seal/rsa_jose.hpp"

#include "tests/fakes/journal_world.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>

namespace {

struct RsaDesk {
    fakes::TempFolder folder;
    fakes::SeededRandom random{std::random_device{}()};

    void write(const char* name, std::string_view text) const {
        std::ofstream(folder.path() / name, std::ios::binary) << text;
    }
    [[nodiscard]] std::string read(const char* name) const {
        std::ifstream in(folder.path() / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    [[nodiscard]] bool run(const std::string& command) const {
        return std::system(("cd '" + folder.path().string() + "' && " + command + " 2>/dev/null")
                               .c_str()) == 0;
    }
    /// A key of `jose` with its public half in pub.jwk, as an owner would publish it.
    void make_key(const char* algorithm, const char* operation, unsigned bits = 3'072) const {
        REQUIRE(run("jose jwk gen -i '{\"kty\":\"RSA\",\"bits\":" + std::to_string(bits) +
                    "}' -o key.jwk && jose jwk pub -i key.jwk -o half.jwk"));
        const std::string half = read("half.jwk");
        const std::size_t begin = half.find('{') + 1;
        write("pub.jwk", "{\"alg\":\"" + std::string(algorithm) + "\",\"key_ops\":[\"" + operation +
                             "\"],\"kid\":\"k-1\"," + half.substr(begin));
    }
};

constexpr const char* open_it =
    "/usr/bin/python3 -c 'from jwcrypto import jwe, jwk\n"
    "key = jwk.JWK.from_json(open(\"key.jwk\").read())\n"
    "message = jwe.JWE()\n"
    "message.deserialize(open(\"m.jwe\").read(), key=key)\n"
    "open(\"out\", \"wb\").write(message.payload)'";

std::string with(std::string text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE(
    "rsa jose: what we seal with RSA-OAEP-256 is opened by jwcrypto, and a changed text is not") {
    RsaDesk desk;
    desk.make_key("RSA-OAEP-256", "wrapKey");
    const auto key = seal::parse_rsa_jwk(desk.read("pub.jwk"), seal::RsaUse::wrap_key);
    REQUIRE(key.has_value());
    CHECK(key->kid == "k-1");
    const std::string plain = "{\"id\":\"4711\"}";
    const auto jwe =
        seal::seal_rsa_jwe(base::as_bytes(plain), *key, "application/json", desk.random);
    REQUIRE(jwe.has_value());
    desk.write("m.jwe", *jwe);
    REQUIRE(desk.run(open_it));
    CHECK(desk.read("out") == plain);
    CHECK(jwe->ends_with("." + seal::authentication_tag(*jwe)));
    std::string changed = *jwe;
    changed.back() = changed.back() == 'A' ? 'Q' : 'A';
    desk.write("m.jwe", changed);
    CHECK_FALSE(desk.run(open_it));
}

TEST_CASE("rsa jose: a PS512 token of jose verifies, and no changed one does") {
    RsaDesk desk;
    desk.make_key("PS512", "verify");
    const auto key = seal::parse_rsa_jwk(desk.read("pub.jwk"), seal::RsaUse::verify);
    REQUIRE(key.has_value());
    desk.write("payload", "{\"iss\":\"x\"}");
    REQUIRE(
        desk.run("jose jws sig -I payload -c -k key.jwk -s "
                 "'{\"protected\":{\"alg\":\"PS512\",\"typ\":\"secevent+jwt\",\"kid\":\"k-1\"}}'"
                 " -o token"));
    const std::string token = desk.read("token");
    const auto jws = seal::parse_ps512(token, "secevent+jwt");
    REQUIRE(jws.has_value());
    CHECK(jws->kid == "k-1");
    CHECK(base::as_text(jws->payload) == "{\"iss\":\"x\"}");
    CHECK(seal::verify(*jws, key->key));
    seal::ParsedPs512 other = *jws;
    other.signing_input.back() ^= 1;
    CHECK_FALSE(seal::verify(other, key->key));
    other = *jws;
    other.signature.at(17) ^= 1U;
    CHECK_FALSE(seal::verify(other, key->key));
    other.signature.pop_back();
    CHECK_FALSE(seal::verify(other, key->key));
    CHECK_FALSE(seal::parse_ps512(token, "jwt").has_value());
    CHECK_FALSE(seal::parse_ps512(token.substr(0, token.rfind('.')), "secevent+jwt").has_value());
    // Another algorithm under the same key is not for us, however well it verifies.
    REQUIRE(
        desk.run("jose jws sig -I payload -c -k key.jwk -s "
                 "'{\"protected\":{\"alg\":\"RS512\",\"typ\":\"secevent+jwt\",\"kid\":\"k-1\"}}'"
                 " -o token"));
    CHECK_FALSE(seal::parse_ps512(desk.read("token"), "secevent+jwt").has_value());
}

TEST_CASE("rsa jose: a key is used only for what its owner made it for") {
    RsaDesk desk;
    desk.make_key("RSA-OAEP-256", "wrapKey");
    const std::string good = desk.read("pub.jwk");
    const auto wrap = [](const std::string& text) {
        return seal::parse_rsa_jwk(text, seal::RsaUse::wrap_key).has_value();
    };
    REQUIRE(wrap(good));
    CHECK_FALSE(seal::parse_rsa_jwk(good, seal::RsaUse::verify).has_value());
    CHECK_FALSE(wrap(with(good, "wrapKey", "verify")));
    CHECK_FALSE(wrap(with(good, "RSA-OAEP-256", "RSA1_5")));
    CHECK_FALSE(wrap(with(good, "\"kid\"", "\"d\":\"AQAB\",\"kid\"")));
    CHECK_FALSE(wrap(with(good, "\"AQAB\"", "\"Aw\"")));
    CHECK_FALSE(wrap(with(good, "\"n\":\"", "\"n\":\"AAAA")));
    CHECK_FALSE(wrap("{}"));
    desk.make_key("RSA-OAEP-256", "wrapKey", 2'048);
    CHECK_FALSE(wrap(desk.read("pub.jwk")));
}
