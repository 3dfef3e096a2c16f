// SPDX-License-Identifier: EUPL-1.2
// A signer that is right, away, wrong in each way there is, or has renewed its certificate: nothing
// but the certified key's signature reaches a card.
#include "drivers/keys/remote_authenticator.hpp"

#include "drivers/base/limits.hpp"
#include "drivers/crypto/ecdsa.hpp"
#include "drivers/pki/cv_builder.hpp"
#include "tests/unit/drivers/pki/seeded_random.hpp"

#include <doctest/doctest.h>

using base::Bytes;
using base::Errc;
using crypto::Curve;
using namespace std::chrono_literals;

namespace {

/// The service as a test wants it.
class Service final : public port::SigningService {
  public:
    base::Result<std::vector<Bytes>> certificates() override {
        if (away) return base::fail(Errc::network_unreachable, "test");
        return held;
    }
    base::Result<Bytes> sign(std::string_view holder, base::ByteView message) override {
        if (away) return base::fail(Errc::network_timeout, "test");
        asked_for = holder;
        const auto digest = crypto::digest(hash, message);
        auto signature = crypto::ecdsa_sign(*key, digest, random);
        REQUIRE(signature.has_value());
        if (spoil) spoil(*signature);
        return signature;
    }
    SeededRandom random{5};
    std::vector<Bytes> held;
    const crypto::KeyPair* key = nullptr;
    crypto::Hash hash = crypto::Hash::sha256;
    bool away = false;
    std::string asked_for;
    std::function<void(Bytes&)> spoil;
};

struct Site {
    SeededRandom random{22};
    crypto::KeyPair key;
    crypto::KeyPair other;
    Service service;
    Bytes dv;

    explicit Site(Curve curve = Curve::brainpool_p256r1)
        : key(crypto::generate_key(curve, random)), other(crypto::generate_key(curve, random)) {
        dv = make(eid::Role::dv_official, "DEDVTEST00001", other, 2029y);
        service.held = {dv, make(eid::Role::terminal, "DETERMINAL00001", key, 2027y)};
        service.key = &key;
    }
    Bytes make(eid::Role role, const char* holder, const crypto::KeyPair& certified,
               std::chrono::year until) {
        auto built = pki::build_cv_certificate(
            {role,
             role == eid::Role::terminal ? "DEDVTEST00001" : "DECVCATEST00001",
             holder,
             certified.point,
             eid::Rights{eid::rights_mask},
             std::chrono::sys_days{2026y / 1 / 1},
             std::chrono::sys_days{until / 1 / 1},
             {}},
            other, random);
        REQUIRE(built.has_value());
        return std::move(*built);
    }
};

}  // namespace

TEST_CASE("remote authenticator: certificates and signature of the service, on every curve") {
    for (const Curve curve : {Curve::brainpool_p256r1, Curve::p256, Curve::brainpool_p384r1,
                              Curve::p384, Curve::brainpool_p512r1, Curve::p521}) {
        Site site(curve);
        const auto parsed = eid::parse_cv_certificate(site.service.held[1]);
        REQUIRE(parsed.has_value());
        site.service.hash = parsed->key.hash;
        keys::RemoteAuthenticator authenticator(site.service, {Bytes{0x7F, 0x21}});
        CHECK(authenticator.terminal_certificate().empty());
        CHECK(authenticator.sign(Bytes{1}).error().code == Errc::signer_failed);
        REQUIRE(authenticator.refresh().has_value());
        CHECK(base::equal(authenticator.terminal_certificate(), site.service.held[1]));
        // Those that lie at the terminal come with those of the service.
        CHECK(authenticator.chain_certificates() == std::vector<Bytes>{{0x7F, 0x21}, site.dv});
        const auto signature = authenticator.sign(base::as_bytes("challenge"));
        REQUIRE(signature.has_value());
        CHECK(site.service.asked_for == "DETERMINAL00001");
    }
}

TEST_CASE("remote authenticator: a wrong signature is the signer's fault and goes no further") {
    Site site;
    keys::RemoteAuthenticator authenticator(site.service, {});
    REQUIRE(authenticator.refresh().has_value());
    const std::function<void(Bytes&)> spoils[] = {
        [](Bytes& s) { s[0] ^= 1; },       [](Bytes& s) { s.pop_back(); },
        [](Bytes& s) { s.push_back(0); },  [](Bytes& s) { s.clear(); },
        [](Bytes& s) { s.assign(64, 0); }, [](Bytes& s) { s = crypto::signature_to_der(s); },
    };
    for (const auto& spoil : spoils) {
        site.service.spoil = spoil;
        const auto signature = authenticator.sign(Bytes{1, 2, 3});
        REQUIRE_FALSE(signature.has_value());
        CHECK(signature.error().code == Errc::signer_failed);
    }
    site.service.spoil = nullptr;
    site.service.key = &site.other;
    CHECK(authenticator.sign(Bytes{1, 2, 3}).error().code == Errc::signer_failed);
    site.service.key = &site.key;
    site.service.hash = crypto::Hash::sha512;
    CHECK(authenticator.sign(Bytes{1, 2, 3}).error().code == Errc::signer_failed);
}

TEST_CASE("remote authenticator: away it says so and keeps what it had") {
    Site site;
    keys::RemoteAuthenticator authenticator(site.service, {});
    REQUIRE(authenticator.refresh().has_value());
    site.service.away = true;
    const auto refreshed = authenticator.refresh();
    REQUIRE_FALSE(refreshed.has_value());
    CHECK(refreshed.error().code == Errc::signer_failed);
    CHECK(refreshed.error().detail == static_cast<unsigned>(Errc::network_unreachable));
    CHECK_FALSE(authenticator.terminal_certificate().empty());
    const auto signature = authenticator.sign(Bytes{1});
    REQUIRE_FALSE(signature.has_value());
    CHECK(signature.error().code == Errc::signer_failed);
    CHECK(signature.error().detail == static_cast<unsigned>(Errc::network_timeout));
}

TEST_CASE("remote authenticator: a renewed certificate is taken, rubbish is not") {
    Site site;
    keys::RemoteAuthenticator authenticator(site.service, {});
    REQUIRE(authenticator.refresh().has_value());
    const Bytes renewed = site.make(eid::Role::terminal, "DETERMINAL00002", site.other, 2028y);
    site.service.held.push_back(renewed);
    site.service.key = &site.other;
    REQUIRE(authenticator.refresh().has_value());
    CHECK(base::equal(authenticator.terminal_certificate(), renewed));
    REQUIRE(authenticator.sign(Bytes{1}).has_value());
    CHECK(site.service.asked_for == "DETERMINAL00002");

    const auto refused = [&](std::vector<Bytes> held) {
        site.service.held = std::move(held);
        return authenticator.refresh().error().code;
    };
    CHECK(refused({site.dv}) == Errc::certificate_chain_bad);
    CHECK(refused({}) == Errc::certificate_chain_bad);
    CHECK(refused({Bytes{0x30, 0}}) == Errc::certificate_bad);
    CHECK(refused(std::vector<Bytes>(limits::certificate_pool_max + 1, renewed)) ==
          Errc::certificate_chain_bad);
    // The last good one is still there.
    CHECK(base::equal(authenticator.terminal_certificate(), renewed));
}
