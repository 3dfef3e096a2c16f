// SPDX-License-Identifier: EUPL-1.2
// The backend exchanges its keys: during the exchange the log is signed by both, and what is sealed
// to a former views key still opens.
#include "sync/backend/log/log_signer.hpp"
#include "sync/backend/views/opener.hpp"
#include "sync/model/declaration_json.hpp"
#include "sync/receipts/checkpoint.hpp"
#include "sync/seal/jwe.hpp"
#include "tests/unit/sync/backend/service_world.hpp"

namespace {

struct ExchangeWorld : test::ServiceWorld {
    std::vector<crypto::KeyPair> pair() {
        std::vector<crypto::KeyPair> keys;
        keys.push_back(crypto::generate_key(crypto::Curve::p256, random));
        keys.push_back(crypto::generate_key(crypto::Curve::p256, random));
        return keys;
    }
    std::string sealed_to(const crypto::Point& point, const std::string& kid) {
        const auto declaration = story.consent(test::anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
        const auto text = model::encode(declaration);
        REQUIRE(text.has_value());
        const auto jwe = seal::seal_jwe(base::as_bytes(*text), {kid, point}, random);
        REQUIRE(jwe.has_value());
        return *jwe;
    }
};

}  // namespace

TEST_CASE("key exchange: a checkpoint of both keys verifies by either and by no other") {
    ExchangeWorld world;
    const auto keys = world.pair();
    const backend::LogSigner both("urn:test", keys, world.random);
    const auto note = both.sign({7, receipts::Hash{7}});
    REQUIRE(note.has_value());
    for (const auto& key : keys) {
        const auto read = receipts::verify_checkpoint(*note, key.point);
        REQUIRE(read.has_value());
        CHECK(read->head.size == 7);
    }
    CHECK_FALSE(receipts::verify_checkpoint(*note, world.receipt_key.point).has_value());
    const std::vector any{world.receipt_key.point, keys[1].point};
    CHECK(receipts::verify_checkpoint_any(*note, any).has_value());
    CHECK_FALSE(receipts::verify_checkpoint_any(*note, {}).has_value());
}

TEST_CASE("key exchange: what is sealed to a former views key still opens") {
    ExchangeWorld world;
    const auto keys = world.pair();
    const backend::Opener opener(keys, world.random);
    for (const auto& key : keys) {
        CHECK(opener.open(world.sealed_to(key.point, seal::thumbprint(key.point))).has_value());
        CHECK(opener.open(world.sealed_to(key.point, "")).has_value());
        CHECK(opener.open(world.sealed_to(key.point, "a name of its own")).has_value());
    }
    const auto& strange = world.views_key.point;
    for (const std::string& kid : {std::string(), seal::thumbprint(keys[0].point)}) {
        const auto refused = opener.open(world.sealed_to(strange, kid));
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().code == base::Errc::open_failed);
    }
}
