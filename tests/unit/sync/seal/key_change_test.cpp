// SPDX-License-Identifier: EUPL-1.2
// The change of a journal key: both keys sign, and neither signature can be used elsewhere.
#include "sync/seal/key_change.hpp"

#include <doctest/doctest.h>

#include "drivers/crypto/random.hpp"
#include "sync/model/json.hpp"
#include "sync/seal/jwk.hpp"

using base::Errc;

namespace {

struct Keys {
    crypto::SystemRandom random;
    crypto::KeyPair one = crypto::generate_key(crypto::Curve::p256, random);
    crypto::KeyPair two = crypto::generate_key(crypto::Curve::p256, random);
    crypto::KeyPair three = crypto::generate_key(crypto::Curve::p256, random);

    std::string change(const crypto::KeyPair& from, const crypto::KeyPair& to,
                       std::uint32_t epoch = 2) {
        seal::PairSigner old_signer(from, random);
        seal::PairSigner new_signer(to, random);
        return seal::sign_key_change({base::Uuid({7}), epoch, to.point}, from.point, old_signer,
                                     new_signer)
            .value();
    }
    /// A statement of `from` around the inner part of another one.
    std::string around(const crypto::KeyPair& from, const crypto::Point& said_old,
                       const std::string& inner) {
        seal::PairSigner signer(from, random);
        const std::string payload = model::JsonWriter()
                                        .text("terminal", base::to_text(base::Uuid({7})))
                                        .number("epoch", 2)
                                        .text("old", seal::thumbprint(said_old))
                                        .text("new", inner)
                                        .done();
        seal::JwsHeader header;
        header.typ = std::string(seal::typ_key_change);
        return seal::sign_compact(header, base::as_bytes(payload), signer).value();
    }
};

std::string inner_of(const std::string& text) {
    const auto jws = seal::parse_compact(text);
    const auto json = model::parse_json(base::as_text(jws->payload), 4'096);
    return (*json)["new"].get<std::string>();
}

Errc refusal(const base::Result<seal::KeyChange>& change) {
    return change ? Errc::cancelled : change.error().code;
}

}  // namespace

TEST_CASE("key change: both keys sign it, and it says what it is about") {
    Keys keys;
    const auto change = seal::verify_key_change(keys.change(keys.one, keys.two, 9), keys.one.point);
    REQUIRE(change.has_value());
    CHECK(change->terminal == base::Uuid({7}));
    CHECK(change->epoch == 9);
    CHECK(change->key.bytes == keys.two.point.bytes);
}

TEST_CASE("key change: another old key, a borrowed consent or the first epoch are refused") {
    Keys keys;
    const std::string good = keys.change(keys.one, keys.two);
    CHECK(refusal(seal::verify_key_change(good, keys.two.point)) == Errc::signature_bad);
    CHECK(refusal(seal::verify_key_change(good, keys.three.point)) == Errc::signature_bad);
    CHECK(refusal(seal::verify_key_change("a.b", keys.one.point)) == Errc::message_bad);
    CHECK(refusal(seal::verify_key_change(keys.change(keys.one, keys.two, 1), keys.one.point)) ==
          Errc::message_bad);
    // The new key agreed to follow the first one, and nobody else.
    const std::string inner = inner_of(good);
    CHECK(refusal(seal::verify_key_change(keys.around(keys.three, keys.three.point, inner),
                                          keys.three.point)) == Errc::message_bad);
    CHECK(refusal(seal::verify_key_change(keys.around(keys.three, keys.one.point, inner),
                                          keys.three.point)) == Errc::message_bad);
    CHECK(seal::verify_key_change(keys.around(keys.one, keys.one.point, inner), keys.one.point)
              .has_value());
}
