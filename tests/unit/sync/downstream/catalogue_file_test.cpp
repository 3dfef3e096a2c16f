// SPDX-License-Identifier: EUPL-1.2
// The signed catalogue: two roles, two keys, exact bytes, no way back, dates against the floor.
// I14.
#include "sync/downstream/catalogue_file.hpp"

#include <doctest/doctest.h>

#include "drivers/base/encoding.hpp"
#include "drivers/base/limits.hpp"
#include "drivers/crypto/random.hpp"
#include "sync/downstream/trust.hpp"
#include "sync/seal/jwk.hpp"

using base::Errc;

namespace {

// 2026-01-01T00:00:00Z and 2029-01-01T00:00:00Z, computed with date(1).
constexpr std::uint64_t first_ms = 1'767'225'600'000;
constexpr std::uint64_t after_last_ms = 1'861'920'000'000;
constexpr std::uint64_t inside_ms = 1'795'500'000'000;

std::string catalogue(std::string_view version = "1.2.3") {
    return "{\"version\":\"" + std::string(version) +
           "\",\"valid_from\":\"2026-01-01\",\"valid_until\":\"2028-12-31\",\"more\":[1]}";
}

struct Fixture {
    crypto::SystemRandom random;
    crypto::KeyPair publisher = crypto::generate_key(crypto::Curve::p256, random);
    crypto::KeyPair approver = crypto::generate_key(crypto::Curve::p256, random);
    crypto::KeyPair stranger = crypto::generate_key(crypto::Curve::p256, random);
    std::vector<seal::NamedKey> keys{
        {seal::thumbprint(publisher.point), std::string(downstream::role_publisher),
         publisher.point},
        {seal::thumbprint(approver.point), std::string(downstream::role_approver), approver.point}};

    base::Result<std::string> add(base::ByteView input, const crypto::KeyPair& key,
                                  std::string_view role) {
        seal::PairSigner signer(key, random);
        seal::JwsHeader header;
        header.kid = seal::thumbprint(key.point);
        header.role = std::string(role);
        return downstream::add_catalogue_signature(input, {std::move(header), &signer});
    }
    std::string sign(const std::string& json) {
        const auto half = add(base::as_bytes(json), publisher, downstream::role_publisher);
        REQUIRE(half.has_value());
        const auto whole = add(base::as_bytes(*half), approver, downstream::role_approver);
        REQUIRE(whole.has_value());
        return *whole;
    }
    Errc refusal(const std::string& text, const std::optional<downstream::CatalogueSeen>& seen = {},
                 std::uint64_t floor_ms = inside_ms) {
        const auto verified = downstream::verify_catalogue(text, keys, seen, floor_ms);
        REQUIRE_FALSE(verified.has_value());
        return verified.error().code;
    }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "catalogue file: signed by both roles, the exact bytes come back") {
    const std::string json = catalogue() + "\n";
    const auto verified = downstream::verify_catalogue(sign(json), keys, {}, inside_ms);
    REQUIRE(verified.has_value());
    CHECK(base::as_text(verified->json) == json);
    CHECK(verified->hash == crypto::sha256(base::as_bytes(json)));
    CHECK(downstream::to_text(verified->version) == "1.2.3");
    CHECK(verified->valid_from_ms == first_ms);
    CHECK(verified->valid_until_ms == after_last_ms);
}

TEST_CASE_FIXTURE(Fixture, "catalogue file: the order of the two signatures does not matter") {
    const std::string json = catalogue();
    const auto half = add(base::as_bytes(json), approver, downstream::role_approver);
    const auto whole = add(base::as_bytes(*half), publisher, downstream::role_publisher);
    REQUIRE(whole.has_value());
    CHECK(downstream::verify_catalogue(*whole, keys, {}, inside_ms).has_value());
}

TEST_CASE_FIXTURE(Fixture, "catalogue file: one role alone is not enough") {
    const std::string json = catalogue();
    CHECK(refusal(*add(base::as_bytes(json), publisher, downstream::role_publisher)) ==
          Errc::catalogue_signature_bad);
    CHECK(refusal(*add(base::as_bytes(json), approver, downstream::role_approver)) ==
          Errc::catalogue_signature_bad);
}

TEST_CASE_FIXTURE(Fixture,
                  "catalogue file: one key in both roles is one person, whatever its name") {
    keys.push_back({"second-name", std::string(downstream::role_approver), publisher.point});
    const std::string json = catalogue();
    const auto half = add(base::as_bytes(json), publisher, downstream::role_publisher);
    seal::PairSigner signer(publisher, random);
    seal::JwsHeader header;
    header.kid = "second-name";
    header.role = std::string(downstream::role_approver);
    const auto whole =
        downstream::add_catalogue_signature(base::as_bytes(*half), {std::move(header), &signer});
    REQUIRE(whole.has_value());
    CHECK(refusal(*whole) == Errc::catalogue_signature_bad);
}

TEST_CASE_FIXTURE(Fixture,
                  "catalogue file: a known key in a role that is not its own refuses all") {
    const std::string json = catalogue();
    const auto half = add(base::as_bytes(json), publisher, downstream::role_approver);
    const auto whole = add(base::as_bytes(*half), approver, downstream::role_publisher);
    REQUIRE(whole.has_value());
    CHECK(refusal(*whole) == Errc::catalogue_signature_bad);
}

TEST_CASE_FIXTURE(Fixture, "catalogue file: a stranger's signature counts for nothing") {
    const std::string json = catalogue();
    const auto half = add(base::as_bytes(json), publisher, downstream::role_publisher);
    const auto whole = add(base::as_bytes(*half), stranger, downstream::role_approver);
    REQUIRE(whole.has_value());
    CHECK(refusal(*whole) == Errc::catalogue_signature_bad);
}

TEST_CASE_FIXTURE(Fixture, "catalogue file: a changed payload or signature is refused") {
    const std::string whole = sign(catalogue());
    const std::string other =
        base::to_base64url(base::as_bytes(std::string_view("{\"version\":\"9.9.9\"}")));
    const std::size_t from = whole.find("\"payload\":\"") + 11;
    const std::size_t end = whole.find('"', from);
    CHECK(refusal(std::string(whole).replace(from, end - from, other)) ==
          Errc::catalogue_signature_bad);
    // Every 7th character changed: whatever is hit, nothing gets through.
    for (std::size_t at = 0; at < whole.size(); at += 7) {
        std::string changed = whole;
        changed[at] = changed[at] == 'A' ? 'B' : 'A';
        CHECK_FALSE(downstream::verify_catalogue(changed, keys, {}, inside_ms).has_value());
    }
}

TEST_CASE_FIXTURE(Fixture, "catalogue file: a role signs once") {
    const std::string whole = sign(catalogue());
    const auto again = add(base::as_bytes(whole), stranger, downstream::role_approver);
    REQUIRE_FALSE(again.has_value());
    CHECK(again.error().code == Errc::catalogue_bad);
}

TEST_CASE_FIXTURE(Fixture, "catalogue file: there is no way back to a lower version") {
    const std::string json = catalogue("1.2.3");
    const std::string whole = sign(json);
    const auto hash = crypto::sha256(base::as_bytes(json));
    struct Row {
        const char* seen;
        bool accepted;
    };
    for (const Row& row : {Row{"1.2.2", true}, Row{"1.2.3", true}, Row{"1.2.4", false},
                           Row{"0.99.99", true}, Row{"1.10.0", false}, Row{"2.0.0", false}}) {
        CAPTURE(row.seen);
        const downstream::CatalogueSeen seen{*downstream::parse_version(row.seen), hash};
        CHECK(downstream::verify_catalogue(whole, keys, seen, inside_ms).has_value() ==
              row.accepted);
    }
    const downstream::CatalogueSeen other{*downstream::parse_version("1.2.3"), {}};
    CHECK(refusal(whole, other) == Errc::catalogue_rollback);
}

TEST_CASE_FIXTURE(Fixture, "catalogue file: dates count against the floor, both days included") {
    const std::string whole = sign(catalogue());
    const auto at = [&](std::uint64_t floor_ms) {
        return downstream::verify_catalogue(whole, keys, {}, floor_ms).has_value();
    };
    CHECK(refusal(whole, {}, first_ms - 1) == Errc::catalogue_not_yet_valid);
    CHECK(at(first_ms));
    CHECK(at(first_ms + 1));
    CHECK(at(after_last_ms - 1));
    CHECK(refusal(whole, {}, after_last_ms) == Errc::catalogue_expired);
    CHECK(refusal(whole, {}, after_last_ms + 1) == Errc::catalogue_expired);
    CHECK(refusal(whole, {}, 0) == Errc::catalogue_not_yet_valid);
}

TEST_CASE_FIXTURE(Fixture,
                  "catalogue file: a signed file without version or dates is no catalogue") {
    for (const char* json :
         {"{}", "[]",
          "{\"version\":\"1.0\",\"valid_from\":\"2026-01-01\",\"valid_until\":\"2028-12-31\"}",
          "{\"version\":\"1.0.0\",\"valid_from\":\"2026-01-32\",\"valid_until\":\"2028-12-31\"}",
          "{\"version\":\"1.0.0\",\"valid_from\":\"1969-01-01\",\"valid_until\":\"2028-12-31\"}"}) {
        CAPTURE(json);
        CHECK(refusal(sign(json)) == Errc::catalogue_bad);
    }
}

TEST_CASE_FIXTURE(Fixture, "catalogue file: garbage is refused without a crash") {
    for (const std::string& text :
         {std::string(), std::string("{}"), std::string("null"), std::string("[[[["),
          std::string("{\"payload\":1,\"signatures\":[]}"),
          std::string("{\"payload\":\"e30\",\"signatures\":[]}"),
          std::string("{\"payload\":\"e30\",\"signatures\":[1]}")}) {
        CAPTURE(text);
        CHECK_FALSE(downstream::verify_catalogue(text, keys, {}, inside_ms).has_value());
        CHECK_FALSE(downstream::catalogue_payload(text + " x").has_value());
    }
}

TEST_CASE("catalogue file: versions are three numbers") {
    for (const char* bad : {"", "1", "1.0", "1.0.", ".1.0", "1..0", "1.0.0.0", "1.0.0 ", "-1.0.0",
                            "1.0.a", "4294967296.0.0"}) {
        CAPTURE(bad);
        CHECK_FALSE(downstream::parse_version(bad).has_value());
    }
    CHECK(downstream::to_text(*downstream::parse_version("4294967295.0.0")) == "4294967295.0.0");
    CHECK(*downstream::parse_version("1.9.0") < *downstream::parse_version("1.10.0"));
}

TEST_CASE_FIXTURE(Fixture, "catalogue file: the largest catalogue fits, one byte more does not") {
    const auto of_size = [](std::size_t size) {
        std::string text = catalogue();
        text.append(size - text.size(), ' ');
        return text;
    };
    CHECK(downstream::verify_catalogue(sign(of_size(limits::catalogue_bytes_max)), keys, {},
                                       inside_ms)
              .has_value());
    const std::string large = of_size(limits::catalogue_bytes_max + 1);
    CHECK(add(base::as_bytes(large), publisher, downstream::role_publisher).error().code ==
          Errc::message_too_large);
}
