// SPDX-License-Identifier: EUPL-1.2
// trust.json: what a terminal believes is read strictly.
#include "sync/downstream/trust.hpp"

#include <doctest/doctest.h>

#include "drivers/crypto/random.hpp"

using base::Errc;

namespace {

std::string replaced(std::string text, std::string_view what, std::string_view with) {
    const std::size_t at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), with);
}

struct Fixture {
    crypto::SystemRandom random;
    crypto::KeyPair one = crypto::generate_key(crypto::Curve::p256, random);
    crypto::KeyPair two = crypto::generate_key(crypto::Curve::p256, random);
    std::string jwk_one = seal::write_public_jwk({"one", one.point});
    std::string jwk_two = seal::write_public_jwk({"two", two.point});
    std::string text = "{\"schema\":\"freigabe-trust-1\",\"backend\":{\"views\":" + jwk_one +
                       ",\"receipts\":" + jwk_two +
                       "},\"catalogue\":[{\"role\":\"authority_publisher\",\"key\":" + jwk_one +
                       "},{\"role\":\"dsb_approver\",\"key\":" + jwk_two + "}]}";
    Errc refusal(const std::string& changed) {
        const auto trust = downstream::parse_trust(changed);
        REQUIRE_FALSE(trust.has_value());
        return trust.error().code;
    }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "trust: keys with their ids and roles") {
    const auto trust = downstream::parse_trust(text);
    REQUIRE(trust.has_value());
    CHECK(trust->views.kid == "one");
    CHECK(base::equal(trust->views.point.bytes, one.point.bytes));
    CHECK(trust->receipts.kid == "two");
    REQUIRE(trust->catalogue.size() == 2);
    CHECK(trust->catalogue[0].role == "authority_publisher");
    CHECK(trust->catalogue[1].kid == "two");
}

TEST_CASE_FIXTURE(Fixture, "trust: while keys are exchanged, several count") {
    const auto list =
        replaced(text, "\"receipts\":" + jwk_two,
                 "\"receipts\":[" + jwk_two + "," + jwk_one + "],\"log\":[" + jwk_one + "]");
    const auto trust = downstream::parse_trust(list);
    REQUIRE(trust.has_value());
    CHECK(trust->receipts.kid == "two");
    REQUIRE(trust->more_receipts.size() == 1);
    CHECK(trust->more_receipts[0].bytes == one.point.bytes);
    REQUIRE(trust->log.size() == 1);
    CHECK(trust->log[0].bytes == one.point.bytes);
    CHECK(downstream::parse_trust(text)->log.empty());
    CHECK(downstream::parse_trust(text)->log_name.empty());
    const auto named = downstream::parse_trust(
        replaced(text, "\"receipts\":" + jwk_two,
                 "\"receipts\":" + jwk_two + ",\"log_name\":\"urn:test:log2\""));
    REQUIRE(named.has_value());
    CHECK(named->log_name == "urn:test:log2");
    CHECK(refusal(replaced(text, "\"receipts\":" + jwk_two, "\"receipts\":[]")) ==
          Errc::config_bad);
    CHECK(refusal(replaced(text, "\"receipts\":" + jwk_two, "\"receipts\":[7]")) == Errc::key_bad);
}

TEST_CASE_FIXTURE(Fixture, "trust: a key without an id is named by its thumbprint") {
    const std::string bare = seal::write_public_jwk({"", one.point});
    const auto trust = downstream::parse_trust(replaced(text, jwk_one, bare));
    REQUIRE(trust.has_value());
    CHECK(trust->views.kid == seal::thumbprint(one.point));
}

TEST_CASE_FIXTURE(Fixture, "trust: everything that does not fit refuses the whole") {
    CHECK(refusal("") == Errc::config_bad);
    CHECK(refusal("{}") != Errc::cancelled);
    CHECK(refusal(replaced(text, "freigabe-trust-1", "freigabe-trust-2")) == Errc::config_bad);
    CHECK(refusal(replaced(text, "dsb_approver", "approver")) == Errc::config_bad);
    CHECK(refusal(replaced(text, "\"schema\"", "\"extra\":1,\"schema\"")) == Errc::config_bad);
    CHECK(refusal(replaced(text, "\"crv\":\"P-256\"", "\"crv\":\"P-384\"")) == Errc::key_bad);
    const std::string private_key = seal::write_private_jwk(one, "one");
    CHECK(refusal(replaced(text, jwk_one, private_key)) == Errc::key_bad);
    const std::string same_id = seal::write_public_jwk({"one", two.point});
    CHECK(refusal(replaced(text, "\"dsb_approver\",\"key\":" + jwk_two,
                           "\"dsb_approver\",\"key\":" + same_id)) == Errc::config_bad);
}
