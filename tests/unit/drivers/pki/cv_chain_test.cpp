// SPDX-License-Identifier: EUPL-1.2
// What we build and what OpenPACE builds must be the same kind of thing to our own reader
// (drivers/eid): chains with a link certificate, rights that shrink on the way down, extensions,
// and the document signer of test cards.
#include "drivers/pki/cv_builder.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "drivers/base/encoding.hpp"
#include "drivers/eid/cv_certificate.hpp"
#include "drivers/eid/restricted_id.hpp"
#include "drivers/eid/signer_certificate.hpp"
#include "drivers/pki/certificate_description.hpp"
#include "drivers/pki/x509_builder.hpp"
#include "tests/unit/drivers/pki/seeded_random.hpp"

using namespace std::chrono_literals;

namespace {

struct OwnChain {
    SeededRandom random{5};
    crypto::KeyPair root = crypto::generate_key(crypto::Curve::brainpool_p256r1, random);
    crypto::KeyPair next = crypto::generate_key(crypto::Curve::brainpool_p256r1, random);
    crypto::KeyPair verifier = crypto::generate_key(crypto::Curve::brainpool_p256r1, random);
    crypto::KeyPair terminal = crypto::generate_key(crypto::Curve::brainpool_p256r1, random);
    base::Bytes sector = pki::encode_sector_key(root.point);

    eid::CvCertificate make(eid::Role role, const char* authority, const char* holder,
                            const crypto::KeyPair& key, const crypto::KeyPair& signer,
                            eid::Rights rights, base::Bytes extensions = {}) {
        const auto built =
            pki::build_cv_certificate({.role = role,
                                       .authority_reference = authority,
                                       .holder_reference = holder,
                                       .key = key.point,
                                       .rights = rights,
                                       .effective = std::chrono::sys_days{2026y / 11 / 24},
                                       .expiration = std::chrono::sys_days{2027y / 1 / 1},
                                       .extensions = std::move(extensions)},
                                      signer, random);
        REQUIRE(built.has_value());
        const auto parsed = eid::parse_cv_certificate(*built);
        REQUIRE(parsed.has_value());
        CHECK(base::equal(parsed->whole, *built));
        return *parsed;
    }
};

eid::CvCertificate from_file(const char* name) {
    std::ifstream file(std::string(FREIGABE_SOURCE_DIR) + "/tests/unit/drivers/pki/cvc_create/" +
                       name + ".hex");
    std::string text;
    for (std::string line; std::getline(file, line);) text += line;
    const auto bytes = base::from_hex(text);
    REQUIRE(bytes.has_value());
    const auto parsed = eid::parse_cv_certificate(*bytes);
    REQUIRE(parsed.has_value());
    return *parsed;
}

}  // namespace

TEST_CASE_FIXTURE(OwnChain, "cv chain: ours through a link certificate verifies with our reader") {
    const eid::Rights all{eid::rights_mask};
    const eid::Rights some = eid::right_read(4) | eid::right_restricted_id;
    base::Bytes extensions = pki::description_extension(
        crypto::Hash::sha256, pki::encode({"Issuer", "", "Subject", "", "Terms"}));
    base::append(extensions, pki::sector_extension(crypto::Hash::sha256, {sector, {}}));
    const auto cvca = make(eid::Role::cvca, "DEROOT00001", "DEROOT00001", root, root, all);
    const auto link = make(eid::Role::cvca, "DEROOT00001", "DEROOT00002", next, root, all);
    const auto dv = make(eid::Role::dv_official, "DEROOT00002", "DEDVER00001", verifier, next, all);
    const auto at = make(eid::Role::terminal, "DEDVER00001", "DETERM00001", terminal, verifier,
                         some, extensions);

    const auto rights = eid::verify_cv_chain({&cvca, &link, &dv, &at}, eid::Date{2026y / 12 / 1});
    REQUIRE(rights.has_value());
    CHECK(*rights == some);
    REQUIRE(at.sector_hashes.size() == 1);
    CHECK(base::equal(at.sector_hashes[0], crypto::sha256(sector)));
    REQUIRE(at.description_hash.has_value());
    CHECK(eid::verify_cv_chain({&cvca, &link, &dv, &at}, eid::Date{2027y / 1 / 2}).error().code ==
          base::Errc::certificate_expired);
    CHECK(eid::verify_cv_chain({&cvca, &dv, &at}, std::nullopt).error().code ==
          base::Errc::certificate_chain_bad);

    const auto from_old = eid::find_path(at, {dv, link}, {"DEROOT00001"});
    REQUIRE(from_old.has_value());
    CHECK(from_old->size() == 3);
    const auto from_new = eid::find_path(at, {dv, link}, {"DEROOT00002"});
    REQUIRE(from_new.has_value());
    CHECK(from_new->size() == 2);
}

TEST_CASE("cv chain: cvc-create's chain verifies with our reader") {
    const auto cvca = from_file("cvca");
    const auto dv = from_file("dv");
    const auto at = from_file("at");
    CHECK(cvca.holder_reference == "DECVCACREA00001");
    CHECK(cvca.self_signed());
    CHECK(at.authority_reference == "DEDVCREA00001");
    const auto rights = eid::verify_cv_chain({&cvca, &dv, &at}, eid::Date{2026y / 12 / 1});
    REQUIRE(rights.has_value());
    // dg5 was asked for the terminal and not given to the verifier: only what all have counts.
    CHECK(*rights == (eid::right_read(4) | eid::right_restricted_id));
    CHECK(at.chat.rights.include(eid::right_read(5)));
}

TEST_CASE_FIXTURE(OwnChain, "cv chain: our document signer is readable by passive authentication") {
    const pki::Name csca{"DE", "Test", "", "CSCA"};
    pki::X509Request request{.purpose = pki::X509Purpose::document_signer,
                             .subject = {"DE", "Test", "", "DS"},
                             .key = terminal.point,
                             .not_before = std::chrono::sys_days{2026y / 1 / 1},
                             .not_after = std::chrono::sys_days{2036y / 1 / 1},
                             .dns_names = {},
                             .ip_addresses = {}};
    const auto built = pki::build_x509_certificate(request, {csca, root}, random);
    REQUIRE(built.has_value());
    const auto signer = eid::parse_signer_certificate(*built);
    REQUIRE(signer.has_value());
    CHECK(base::equal(signer->key.bytes, terminal.point.bytes));
    CHECK(eid::verify_signature(root.point, signer->signature_hash, signer->signed_part,
                                signer->signature));
}

TEST_CASE_FIXTURE(OwnChain, "cv chain: of issuers with one name the one that signed is taken") {
    const eid::Rights all{eid::rights_mask};
    const auto narrow = eid::right_read(4);
    const auto at =
        make(eid::Role::terminal, "DEDVER00001", "DETERM00001", terminal, verifier, all);
    const auto impostor =
        make(eid::Role::dv_official, "DEROOT00001", "DEDVER00001", terminal, root, narrow);
    const auto from_old =
        make(eid::Role::dv_official, "DEROOT00001", "DEDVER00001", verifier, root, all);
    const auto from_new =
        make(eid::Role::dv_official, "DEROOT00002", "DEDVER00001", verifier, next, all);
    const auto back = make(eid::Role::cvca, "DEROOT00002", "DEROOT00001", root, next, all);
    const auto forth = make(eid::Role::cvca, "DEROOT00001", "DEROOT00002", next, root, all);

    const std::vector<eid::CvCertificate> pool{impostor, from_old, from_new, back, forth};
    const auto issuers = eid::issuers_of(at, pool);
    REQUIRE(issuers.size() == 2);
    CHECK(issuers[0]->key.point == verifier.point.bytes);
    // Both trust points are reached directly, although links in both directions go round in
    // circles.
    for (const char* reference : {"DEROOT00001", "DEROOT00002"}) {
        const auto path = eid::find_path(at, pool, {reference});
        REQUIRE(path.has_value());
        REQUIRE(path->size() == 2);
        CHECK(path->front()->authority_reference == reference);
        CHECK(path->front()->key.point == verifier.point.bytes);
    }
    CHECK(eid::find_path(at, pool, {"DEROOT00003"}).error().code ==
          base::Errc::certificate_chain_bad);
}

TEST_CASE_FIXTURE(OwnChain,
                  "sector key: a key in another encoding becomes the one that is certified") {
    const eid::Rights all{eid::rights_mask};
    const auto extensions = pki::sector_extension(crypto::Hash::sha256, {sector, {}});
    const auto at = make(eid::Role::terminal, "DEDVER00001", "DETERM00001", terminal, verifier, all,
                         extensions);
    const auto built = eid::sector_key_of(at, root.point);
    REQUIRE(built.has_value());
    CHECK(*built == sector);
    CHECK(eid::check_sector_key(at, *built).has_value());
    CHECK(eid::sector_key_of(at, next.point).error().code == base::Errc::restricted_id_failed);
    const auto none =
        make(eid::Role::terminal, "DEDVER00001", "DETERM00001", terminal, verifier, all);
    CHECK(eid::sector_key_of(none, root.point).error().code == base::Errc::restricted_id_failed);
    CHECK(eid::check_sector_key(none, sector).error().code == base::Errc::restricted_id_failed);
}
