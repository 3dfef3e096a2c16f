// SPDX-License-Identifier: EUPL-1.2
// Receipts: both events, and everything that is not exactly one.
#include "sync/receipts/receipt.hpp"

#include <doctest/doctest.h>

#include "tests/fakes/journal_world.hpp"

using base::Errc;

namespace {

struct Fixture {
    fakes::SeededRandom random{1};
    crypto::KeyPair key = crypto::generate_key(crypto::Curve::p256, random);
    crypto::KeyPair other = crypto::generate_key(crypto::Curve::p256, random);
    seal::PairSigner signer{key, random};
    base::Uuid terminal{{7}};

    receipts::Receipt received(receipts::Lane lane = receipts::Lane::chain) const {
        return {"https://backend", 1'764'000'000, "set-1", terminal,
                receipts::Received{1, 3, 4, lane, {{3, {1}, {2}, 10}, {4, {3}, {4}, 12}}, 13}};
    }
    receipts::Receipt applied(receipts::AppliedState state) const {
        return {"https://backend", 1, "set-2", terminal,
                receipts::Applied{base::Uuid({1}), model::AuthorityId("jobcenter"), state, 99}};
    }
    std::string sign(const receipts::Receipt& receipt) {
        return *receipts::sign(receipt, "receipt-1", signer);
    }
    bool refused(std::string_view set) {
        const auto read = receipts::verify(set, key.point, terminal);
        return !read.has_value() && read.error().code == Errc::receipt_bad;
    }
    /// A token whose payload was changed before signing.
    std::string resigned(const std::string& set, std::string_view part, std::string_view other_part,
                         std::string typ = std::string(seal::typ_receipt)) {
        const auto jws = seal::parse_compact(set);
        std::string payload(base::as_text(jws->payload));
        const std::size_t at = payload.find(part);
        REQUIRE(at != std::string::npos);
        payload.replace(at, part.size(), other_part);
        return *seal::sign_compact({std::move(typ), "receipt-1", "", {}}, base::as_bytes(payload),
                                   signer);
    }
};

}  // namespace

TEST_CASE("receipt: signed and read back") {
    Fixture f;
    using State = receipts::AppliedState;
    for (const auto& receipt :
         {f.received(), f.received(receipts::Lane::advance), f.applied(State::received),
          f.applied(State::acknowledged), f.applied(State::applied),
          f.applied(State::withheld_by_source), f.applied(State::not_usable)}) {
        const auto read = receipts::verify(f.sign(receipt), f.key.point, f.terminal);
        REQUIRE(read.has_value());
        CHECK(*read == receipt);
    }
}

TEST_CASE("receipt: key, audience and type must be right") {
    Fixture f;
    const std::string set = f.sign(f.received());
    CHECK_FALSE(f.refused(set));
    CHECK(receipts::verify(set, f.other.point, f.terminal).error().code == Errc::receipt_bad);
    CHECK(receipts::verify(set, f.key.point, base::Uuid({8})).error().code == Errc::receipt_bad);
    CHECK(f.refused(f.resigned(set, "set-1", "set-1", "jwt")));
    CHECK(f.refused(""));
    CHECK(f.refused("a.b.c"));
}

TEST_CASE("receipt: content that contradicts itself is refused") {
    Fixture f;
    const std::string set = f.sign(f.received());
    const auto changed = [&](std::string_view part, std::string_view other_part) {
        return f.refused(f.resigned(set, part, other_part));
    };
    CHECK_FALSE(changed("\"lane\":\"chain\",", ""));  // without a lane it is the chain
    CHECK(changed("\"lane\":\"chain\"", "\"lane\":\"side\""));
    CHECK(changed("\"from\":3", "\"from\":4"));
    CHECK(changed("\"from\":3", "\"from\":0"));
    CHECK(changed("\"to\":4", "\"to\":3"));
    CHECK(changed("\"epoch\":1", "\"epoch\":0"));
    CHECK(changed("\"seq\":4", "\"seq\":3"));
    CHECK(changed("\"log_size\":13", "\"log_size\":12"));
    CHECK(changed("\"log_index\":10", "\"log_index\":-1"));
    CHECK(changed("event:received", "event:reversed"));
    CHECK(changed("\"jti\":\"set-1\"", "\"jti\":1"));
    CHECK(changed("{\"iss\"", "{\"exp\":1,\"iss\""));
    CHECK(changed("{\"iss\"", "{\"nbf\":1,\"iss\""));
    CHECK_FALSE(changed("{\"iss\"", "{\"txn\":\"a\",\"toe\":1,\"iss\""));
    CHECK(changed("\"log_size\":13}", "\"log_size\":13},\"urn:freigabe:event:applied\":{}"));
    const std::string applied = f.sign(f.applied(receipts::AppliedState::applied));
    CHECK(f.refused(f.resigned(applied, "\"applied\"", "\"appled\"")));
    CHECK(f.refused(f.resigned(applied, "1970", "970")));
}
