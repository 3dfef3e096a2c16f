// SPDX-License-Identifier: EUPL-1.2
// A heap of certificates, in any order, with strangers among it: the key finds its own.
#include "drivers/keys/local_authenticator.hpp"

#include "drivers/crypto/ecdsa.hpp"
#include "drivers/eid/cv_certificate.hpp"
#include "drivers/pki/cv_builder.hpp"
#include "tests/unit/drivers/pki/seeded_random.hpp"

#include <doctest/doctest.h>

using base::Errc;
using namespace std::chrono_literals;

namespace {

struct Heap {
    SeededRandom random{21};
    crypto::KeyPair key = crypto::generate_key(crypto::Curve::brainpool_p256r1, random);
    crypto::KeyPair other = crypto::generate_key(crypto::Curve::brainpool_p256r1, random);
    base::Bytes dv = make(eid::Role::dv_official, "DECVCATEST00001", "DEDVTEST00001", other, 2028y);
    base::Bytes own = make(eid::Role::terminal, "DEDVTEST00001", "DETERMINAL00001", key, 2027y);
    base::Bytes renewed = make(eid::Role::terminal, "DEDVTEST00001", "DETERMINAL00002", key, 2028y);
    base::Bytes foreign =
        make(eid::Role::terminal, "DEDVTEST00001", "DETERMINAL00003", other, 2029y);

    base::Bytes make(eid::Role role, const char* authority, const char* holder,
                     const crypto::KeyPair& certified, std::chrono::year until) {
        auto built = pki::build_cv_certificate({role,
                                                authority,
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
    keys::MemoryKeyStore store() {
        return keys::MemoryKeyStore(crypto::KeyPair{key.secret.clone(), key.point}, random);
    }
};

}  // namespace

TEST_CASE_FIXTURE(Heap, "local authenticator: the certificate of the key is found in any heap") {
    auto own_store = store();
    const base::Bytes rubbish{0x7F, 0x21, 0x00};
    struct Row {
        std::vector<base::Bytes> certificates;
        base::Bytes expected;
    };
    for (const Row& row : {Row{{own}, own}, Row{{dv, own}, own}, Row{{foreign, own, dv}, own},
                           Row{{rubbish, own, rubbish}, own}, Row{{renewed, own}, renewed},
                           Row{{own, foreign, renewed}, renewed}}) {
        auto made = keys::LocalAuthenticator::create(row.certificates, own_store, "terminal");
        REQUIRE(made.has_value());
        CHECK(base::equal(made->terminal_certificate(), row.expected));
        const auto signature = made->sign(base::as_bytes("challenge"));
        REQUIRE(signature.has_value());
        const auto digest = crypto::digest(crypto::Hash::sha256, base::as_bytes("challenge"));
        CHECK(crypto::ecdsa_verify(key.point, digest, *signature));
    }
    const auto with_dv = keys::LocalAuthenticator::create({own, dv}, own_store, "terminal");
    REQUIRE(with_dv.has_value());
    CHECK(with_dv->chain_certificates() == std::vector<base::Bytes>{dv});
}

TEST_CASE_FIXTURE(Heap, "local authenticator: without a certificate for the key it says why") {
    auto own_store = store();
    const auto code = [&](const std::vector<base::Bytes>& certificates) {
        return keys::LocalAuthenticator::create(certificates, own_store, "terminal").error().code;
    };
    CHECK(code({}) == Errc::certificate_chain_bad);
    CHECK(code({dv}) == Errc::certificate_chain_bad);
    CHECK(code({dv, foreign}) == Errc::key_bad);
    CHECK(code({dv, base::Bytes{0x30, 0x00}}) == Errc::certificate_bad);
}
