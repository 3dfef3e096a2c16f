// SPDX-License-Identifier: EUPL-1.2
// The `jose` command of Debian as a second opinion: it opens what we seal, verifies what we sign,
// and we open and verify what it makes.
#include "tests/fakes/journal_world.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>

#include "sync/seal/jwe.hpp"
#include "sync/seal/jwk.hpp"
#include "sync/seal/jws.hpp"

namespace {

struct Desk {
    fakes::TempFolder folder;
    fakes::SeededRandom random{std::random_device{}()};
    crypto::KeyPair key = crypto::generate_key(crypto::Curve::p256, random);

    Desk() {
        write("key.jwk", seal::write_private_jwk(key, "k1"));
        write("pub.jwk", seal::write_public_jwk({"k1", key.point}));
    }
    void write(const char* name, std::string_view text) const {
        std::ofstream(folder.path() / name, std::ios::binary) << text;
    }
    [[nodiscard]] std::string read(const char* name) const {
        std::ifstream in(folder.path() / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    /// Runs `jose ...` in the folder; true if it agreed.
    [[nodiscard]] bool jose(const std::string& arguments) const {
        const std::string command =
            "cd '" + folder.path().string() + "' && jose " + arguments + " 2>/dev/null";
        return std::system(command.c_str()) == 0;
    }
};

}  // namespace

TEST_CASE("jose tool: reads our keys and agrees on the thumbprint") {
    const Desk desk;
    CHECK(desk.jose("jwk thp -i pub.jwk -a S256 -o thp"));
    CHECK(desk.read("thp") == seal::thumbprint(desk.key.point));
    REQUIRE(desk.jose("jwk gen -i '{\"kty\":\"EC\",\"crv\":\"P-256\"}' -o theirs.jwk"));
    const auto theirs = seal::parse_private_jwk(desk.read("theirs.jwk"));
    REQUIRE(theirs.has_value());
    REQUIRE(desk.jose("jwk thp -i theirs.jwk -a S256 -o thp"));
    CHECK(desk.read("thp") == seal::thumbprint(theirs->point));
}

TEST_CASE("jose tool: verifies our signatures, compact and general, and not changed ones") {
    Desk desk;
    seal::PairSigner signer(desk.key, desk.random);
    const auto payload = base::as_bytes("{\"a\":1}");
    const seal::JwsHeader header{"freigabe-head+jwt", "k1", "", {}};
    const std::string text = *seal::sign_compact(header, payload, signer);
    desk.write("ours.jws", text);
    REQUIRE(desk.jose("jws ver -i ours.jws -k pub.jwk -O out"));
    CHECK(desk.read("out") == "{\"a\":1}");
    std::string changed = text;
    changed[text.find('.') + 2] ^= 1;
    desk.write("changed.jws", changed);
    CHECK_FALSE(desk.jose("jws ver -i changed.jws -k pub.jwk -O out"));
    const seal::GeneralSigner signers[] = {{header, &signer}, {header, &signer}};
    desk.write("general.jws", *seal::sign_general(payload, signers));
    CHECK(desk.jose("jws ver -a -i general.jws -k pub.jwk -O out"));
}

TEST_CASE("jose tool: we verify its signatures") {
    const Desk desk;
    desk.write("payload", "hello");
    REQUIRE(
        desk.jose("jws sig -c -I payload -k key.jwk -o theirs.jws "
                  "-s '{\"protected\":{\"alg\":\"ES256\",\"typ\":\"t+jwt\",\"kid\":\"k1\"}}'"));
    const auto verified = seal::verify_compact(desk.read("theirs.jws"), "t+jwt", desk.key.point);
    REQUIRE(verified.has_value());
    CHECK(base::as_text(*verified) == "hello");
    REQUIRE(
        desk.jose("jws sig -I payload -o general.jws "
                  "-k key.jwk -s '{\"protected\":{\"alg\":\"ES256\",\"kid\":\"k1\"}}' "
                  "-k key.jwk -s '{\"protected\":{\"alg\":\"ES256\",\"kid\":\"k2\"}}'"));
    const seal::NamedKey keys[] = {{"k1", "", desk.key.point}, {"k2", "", desk.key.point}};
    const auto general = seal::verify_general(desk.read("general.jws"), keys);
    REQUIRE(general.has_value());
    CHECK(general->keys.size() == 2);
}

TEST_CASE("jose tool: opens what we seal, and we open what it seals") {
    Desk desk;
    const std::string plain(1'500, 'p');
    desk.write("ours.jwe",
               *seal::seal_jwe(base::as_bytes(plain), {"k1", desk.key.point}, desk.random));
    REQUIRE(desk.jose("jwe dec -i ours.jwe -k key.jwk -O out"));
    CHECK(desk.read("out") == plain);
    desk.write("plain", plain);
    const char* algorithms = "\"alg\":\"ECDH-ES+A256KW\",\"enc\":\"A256GCM\"";
    for (const std::string& more : {std::string(), std::string(",\"apu\":\"QQ\",\"apv\":\"Qg\"")}) {
        REQUIRE(desk.jose("jwe enc -c -I plain -k pub.jwk -o theirs.jwe -i '{\"protected\":{" +
                          std::string(algorithms) + more + "}}'"));
        const auto opened = seal::open_jwe(desk.read("theirs.jwe"), desk.key, desk.random);
        REQUIRE(opened.has_value());
        CHECK(base::as_text(*opened) == plain);
    }
}
