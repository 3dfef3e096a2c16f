// SPDX-License-Identifier: EUPL-1.2
// Real certificates of the German eID PKI: parsed, and their signatures verified along the link
// certificates.
#include "drivers/eid/cv_certificate.hpp"

#include "tests/fakes/vector_file.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;

namespace {

eid::CvCertificate load(std::string_view name) {
    auto parsed =
        eid::parse_cv_certificate(fakes::read_hex_file("cvc/" + std::string(name) + ".hex"));
    REQUIRE_MESSAGE(parsed.has_value(), std::string(name));
    return std::move(*parsed);
}

}  // namespace

TEST_CASE("cv certificate: every real certificate of the vectors parses") {
    unsigned count = 0;
    for (const std::string& name : fakes::vector_files("cvc")) {
        if (!name.starts_with("cvc/cv") || name.find("template") != std::string::npos) continue;
        CAPTURE(name);
        const auto parsed = eid::parse_cv_certificate(fakes::read_hex_file(name));
        CHECK(parsed.has_value());
        ++count;
    }
    CHECK(count >= 15);
}

TEST_CASE("cv certificate: fields of a real terminal certificate come out as they stand") {
    const eid::CvCertificate certificate = load("cvat-DE0000024001HW");
    CHECK(certificate.authority_reference == "DEDVeIDDTR101415");
    CHECK(certificate.holder_reference == "DE0000024001HW");
    CHECK(certificate.chat.role == eid::Role::terminal);
    CHECK(certificate.chat.rights.bits == 0x0001009804);
    CHECK(certificate.chat.rights.include(eid::right_restricted_id));
    CHECK(certificate.chat.rights.include(eid::right_read(17)));
    CHECK_FALSE(certificate.chat.rights.include(eid::right_read(9)));
    CHECK(certificate.effective == eid::Date{2014y / 11 / 7});
    CHECK(certificate.expiration == eid::Date{2014y / 11 / 8});
    REQUIRE(certificate.description_hash.has_value());
    CHECK(certificate.description_hash->size() == 32);
    REQUIRE(certificate.sector_hashes.size() == 1);
    CHECK(certificate.sector_hashes[0].front() == 0x4E);
    CHECK_FALSE(certificate.key.curve.has_value());
    CHECK(certificate.key.hash == crypto::Hash::sha256);
}

TEST_CASE("cv certificate: real chains with link certificates verify") {
    const auto root_1 = load("cvca-DETESTeID00001");
    const auto link_2 = load("cvca-DETESTeID00002_DETESTeID00001");
    const auto link_4 = load("cvca-DETESTeID00004_DETESTeID00002");
    const auto dv = load("cvdv-DEDVeIDDPST00035");
    const auto terminal = load("cvat-DEDEMODEV00038");
    const std::vector<const eid::CvCertificate*> all{&root_1, &link_2, &link_4, &dv, &terminal};
    const auto rights = eid::verify_cv_chain(all, {});
    REQUIRE(rights.has_value());
    CHECK(rights->bits ==
          (terminal.chat.rights.bits & dv.chat.rights.bits & link_4.chat.rights.bits &
           link_2.chat.rights.bits & root_1.chat.rights.bits));

    const auto production = load("cvca-DECVCAeID00102");
    const auto production_link = load("cvca-DECVCAeID00102_DECVCAeID00103");
    const auto production_dv = load("cvdv-DEDVeIDDTR101415");
    const auto production_terminal = load("cvat-DE0000024001HW");
    const std::vector<const eid::CvCertificate*> real{&production, &production_link, &production_dv,
                                                      &production_terminal};
    CHECK(eid::verify_cv_chain(real, {}).has_value());
    CHECK(eid::verify_cv_chain({&production_link, &production_dv, &production_terminal},
                               eid::Date{2014y / 11 / 8})
              .has_value());
    CHECK(eid::verify_cv_chain({&production_link, &production_dv, &production_terminal},
                               eid::Date{2014y / 11 / 9})
              .error()
              .code == base::Errc::certificate_expired);
}

TEST_CASE("cv certificate: a self-signed root verifies under its own key, a foreign one does not") {
    const auto root = load("cvca-DETESTeID00002");
    const auto other = load("cvca-DETESTeID00001");
    const auto key = crypto::parse_point(*root.key.curve, root.key.point);
    const auto other_key = crypto::parse_point(*other.key.curve, other.key.point);
    REQUIRE(key.has_value());
    REQUIRE(other_key.has_value());
    CHECK(root.self_signed());
    CHECK(eid::verify_cv_signature(root, *key, root.key.hash));
    CHECK_FALSE(eid::verify_cv_signature(root, *other_key, other.key.hash));
}

TEST_CASE("cv certificate: chains with a gap, a wrong role or a changed body are refused") {
    const auto root = load("cvca-DETESTeID00001");
    const auto link_2 = load("cvca-DETESTeID00002_DETESTeID00001");
    const auto link_4 = load("cvca-DETESTeID00004_DETESTeID00002");
    auto dv = load("cvdv-DEDVeIDDPST00035");
    const auto terminal = load("cvat-DEDEMODEV00038");
    const auto code = [](std::vector<const eid::CvCertificate*> chain) {
        return eid::verify_cv_chain(chain, {}).error().code;
    };
    CHECK(code({}) == base::Errc::certificate_chain_bad);
    CHECK(code({&root, &link_4, &dv}) == base::Errc::certificate_chain_bad);
    CHECK(code({&dv, &terminal}) == base::Errc::certificate_chain_bad);
    dv.body.back() ^= 1U;
    CHECK(code({&root, &link_2, &link_4, &dv}) == base::Errc::certificate_chain_bad);
}

TEST_CASE("cv certificate: the path starts at whichever key the card names") {
    const auto terminal = load("cvat-DEDEMODEV00038");
    const std::vector<eid::CvCertificate> pool{
        load("cvca-DETESTeID00004"), load("cvca-DETESTeID00004_DETESTeID00002"),
        load("cvdv-DEDVeIDDPST00035"), load("cvca-DETESTeID00002_DETESTeID00001"),
        load("cvca-DETESTeID00001")};
    const auto path_bytes = [&](std::vector<std::string> references) -> std::size_t {
        const auto path = eid::find_path(terminal, pool, references);
        if (!path) return 0;
        for (const auto* certificate : *path) CHECK_FALSE(certificate->self_signed());
        CHECK(path->back() == &terminal);
        return path->size();
    };
    CHECK(path_bytes({"DETESTeID00004"}) == 2);
    CHECK(path_bytes({"DETESTeID00002"}) == 3);
    CHECK(path_bytes({"DETESTeID00001"}) == 4);
    CHECK(path_bytes({"DETESTeID00004", "DETESTeID00002"}) == 2);
    CHECK(path_bytes({"DEDVeIDDPST00035"}) == 1);
    CHECK(path_bytes({"DECVCAeID00102"}) == 0);
    CHECK(path_bytes({}) == 0);
}

TEST_CASE("cv certificate: any cut and any foreign tag is refused without reading past the end") {
    const base::Bytes whole = fakes::read_hex_file("cvc/cvat-DEDEMODEV00038.hex");
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CHECK_FALSE(eid::parse_cv_certificate(base::ByteView(whole).first(size)).has_value());
    }
    base::Bytes longer = whole;
    longer.push_back(0);
    CHECK_FALSE(eid::parse_cv_certificate(longer).has_value());
    CHECK_FALSE(eid::parse_cv_certificate(fakes::hex("3000")).has_value());
}
