// SPDX-License-Identifier: EUPL-1.2
// X.509 certificates as the TLS library of the product sees them: chain, names, usages, dates, and
// what is refused. What OpenSSL says to the same certificates is judges.sh.
#include "drivers/pki/x509_builder.hpp"

#include <doctest/doctest.h>
#include <mbedtls/oid.h>
#include <mbedtls/x509_crt.h>

#include <cstring>

#include "drivers/base/handle.hpp"
#include "tests/unit/drivers/pki/seeded_random.hpp"

using namespace std::chrono_literals;

namespace {

using Certificate = base::Pinned<mbedtls_x509_crt, mbedtls_x509_crt_init, mbedtls_x509_crt_free>;

const pki::Name ca_name{"DE", "Freigabe", "", "Test CA"};

pki::X509Request request(const crypto::KeyPair& key, pki::X509Purpose purpose) {
    return {.purpose = purpose,
            .subject = purpose == pki::X509Purpose::authority
                           ? ca_name
                           : pki::Name{"DE", "Freigabe", "terminal", "t-1"},
            .key = key.point,
            .not_before = std::chrono::sys_days{2026y / 1 / 1},
            .not_after = std::chrono::sys_days{2049y / 1 / 1},
            .dns_names = {},
            .ip_addresses = {}};
}

struct Chain {
    SeededRandom random{11};
    crypto::KeyPair ca = crypto::generate_key(crypto::Curve::p256, random);
    crypto::KeyPair leaf = crypto::generate_key(crypto::Curve::p256, random);
};

base::Bytes build(Chain& chain, const pki::X509Request& asked) {
    const auto built = pki::build_x509_certificate(asked, {ca_name, chain.ca}, chain.random);
    REQUIRE(built.has_value());
    return *built;
}

void parse(Certificate& into, const base::Bytes& der) {
    REQUIRE(mbedtls_x509_crt_parse_der(into.get(), der.data(), der.size()) == 0);
}

std::uint32_t verify(Certificate& leaf, Certificate& ca, const char* host) {
    std::uint32_t flags = 0;
    // Only the flags count here: the return value repeats them in one word.
    (void)mbedtls_x509_crt_verify(leaf.get(), ca.get(), nullptr, host, &flags, nullptr, nullptr);
    return flags;
}

}  // namespace

TEST_CASE("x509: a server certificate verifies against its authority and its name") {
    Chain chain;
    Certificate ca;
    Certificate leaf;
    parse(ca, build(chain, request(chain.ca, pki::X509Purpose::authority)));
    auto asked = request(chain.leaf, pki::X509Purpose::tls_server);
    asked.dns_names = {"backend.example", "localhost"};
    parse(leaf, build(chain, asked));
    CHECK(verify(leaf, ca, "localhost") == 0);
    CHECK(verify(leaf, ca, "backend.example") == 0);
    CHECK(verify(leaf, ca, "other.example") == MBEDTLS_X509_BADCERT_CN_MISMATCH);
    CHECK(mbedtls_x509_crt_check_extended_key_usage(
              leaf.get(), MBEDTLS_OID_SERVER_AUTH, MBEDTLS_OID_SIZE(MBEDTLS_OID_SERVER_AUTH)) == 0);
    CHECK(mbedtls_x509_crt_check_extended_key_usage(
              leaf.get(), MBEDTLS_OID_CLIENT_AUTH, MBEDTLS_OID_SIZE(MBEDTLS_OID_CLIENT_AUTH)) != 0);
}

TEST_CASE("x509: a peer certificate is good for a server and for a client") {
    Chain chain;
    Certificate leaf;
    parse(leaf, build(chain, request(chain.leaf, pki::X509Purpose::tls_peer)));
    CHECK(mbedtls_x509_crt_check_extended_key_usage(
              leaf.get(), MBEDTLS_OID_SERVER_AUTH, MBEDTLS_OID_SIZE(MBEDTLS_OID_SERVER_AUTH)) == 0);
    CHECK(mbedtls_x509_crt_check_extended_key_usage(
              leaf.get(), MBEDTLS_OID_CLIENT_AUTH, MBEDTLS_OID_SIZE(MBEDTLS_OID_CLIENT_AUTH)) == 0);
}

TEST_CASE("x509: a client certificate names role and id, and another authority does not vouch") {
    Chain chain;
    Certificate leaf;
    parse(leaf, build(chain, request(chain.leaf, pki::X509Purpose::tls_client)));
    char subject[128] = {};
    REQUIRE(mbedtls_x509_dn_gets(subject, sizeof subject, &leaf.get()->subject) > 0);
    CHECK(std::strstr(subject, "OU=terminal") != nullptr);
    CHECK(std::strstr(subject, "CN=t-1") != nullptr);

    Chain other;
    SeededRandom random(99);
    other.ca = crypto::generate_key(crypto::Curve::p256, random);
    Certificate stranger;
    parse(stranger, build(other, request(other.ca, pki::X509Purpose::authority)));
    CHECK(verify(leaf, stranger, nullptr) == MBEDTLS_X509_BADCERT_NOT_TRUSTED);
}

TEST_CASE("x509: a leaf cannot act as authority") {
    Chain chain;
    Certificate leaf;
    Certificate forged;
    parse(leaf, build(chain, request(chain.leaf, pki::X509Purpose::tls_client)));
    const pki::Name leaf_name{"DE", "Freigabe", "terminal", "t-1"};
    auto asked = request(chain.ca, pki::X509Purpose::tls_client);
    asked.subject = {"DE", "Freigabe", "auditor", "a-1"};
    const auto built = pki::build_x509_certificate(asked, {leaf_name, chain.leaf}, chain.random);
    REQUIRE(built.has_value());
    parse(forged, *built);
    CHECK((verify(forged, leaf, nullptr) & MBEDTLS_X509_BADCERT_NOT_TRUSTED) != 0);
}

TEST_CASE("x509: serial numbers are positive, 16 bytes, and differ") {
    Chain chain;
    Certificate first;
    Certificate second;
    parse(first, build(chain, request(chain.leaf, pki::X509Purpose::tls_client)));
    parse(second, build(chain, request(chain.leaf, pki::X509Purpose::tls_client)));
    REQUIRE(first.get()->serial.len == 16);
    CHECK(first.get()->serial.p[0] < 0x80);
    CHECK(std::memcmp(first.get()->serial.p, second.get()->serial.p, 16) != 0);
}

TEST_CASE("x509: names and dates at their bounds") {
    Chain chain;
    const auto accepted = [&](const pki::X509Request& asked) {
        return pki::build_x509_certificate(asked, {ca_name, chain.ca}, chain.random).has_value();
    };
    auto asked = request(chain.leaf, pki::X509Purpose::tls_client);
    asked.subject.common = std::string(64, 'x');
    CHECK(accepted(asked));
    asked.subject.common = std::string(65, 'x');
    CHECK_FALSE(accepted(asked));
    asked.subject.common = "";
    CHECK_FALSE(accepted(asked));
    asked = request(chain.leaf, pki::X509Purpose::tls_client);
    asked.not_after = asked.not_before + 1s;
    CHECK(accepted(asked));
    asked.not_after = asked.not_before;
    CHECK_FALSE(accepted(asked));
}
