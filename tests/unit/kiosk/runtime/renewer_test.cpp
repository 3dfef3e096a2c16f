// SPDX-License-Identifier: EUPL-1.2
// What came down becomes what the kiosk works with: at its day, for our key, and never worse than
// what was there before. Real catalogues, certificates and lists, signed as a publisher signs.
#include "kiosk/runtime/renewer.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <fstream>

#include "drivers/eid/block_list.hpp"
#include "drivers/keys/private_file.hpp"
#include "drivers/os/system_clock.hpp"
#include "drivers/pki/cv_builder.hpp"
#include "drivers/pki/x509_builder.hpp"
#include "sync/downstream/catalogue_file.hpp"
#include "sync/model/downstream_names.hpp"
#include "tests/unit/sync/downstream/signers.hpp"

using base::Bytes;
using base::Errc;
using downstream::Kind;
using downstream::Target;
using downstream_test::day_ms;
using downstream_test::now_ms;

namespace {

namespace fs = std::filesystem;
constexpr eid::Date today{std::chrono::year(2026), std::chrono::month(11), std::chrono::day(26)};

struct Terminal : downstream_test::Signers {
    fs::path state = make_folder();
    crypto::KeyPair publisher = crypto::generate_key(crypto::Curve::p256, random);
    crypto::KeyPair approver = crypto::generate_key(crypto::Curve::p256, random);
    crypto::KeyPair dv = crypto::generate_key(crypto::Curve::p256, random);
    crypto::KeyPair own = crypto::generate_key(crypto::Curve::p256, random);
    crypto::KeyPair foreign = crypto::generate_key(crypto::Curve::p256, random);
    Bytes sector = pki::encode_sector_key(dv.point);
    os::SystemClock clock;
    runtime::TerminalFiles files = make_files();
    std::vector<Target> targets;
    std::optional<runtime::Renewer> renewer;

    Terminal() {
        fs::create_directories(state / "downstream/targets");
        write(state / "catalogue.jws", signed_catalogue("1.0.0"));
        runtime::CardIdentity card;
        card.settings = {sector, {Bytes{1}}};
        card.certificates = {Bytes{2}};
        card.block_list = runtime::BlockListRule{"/enrolled", sector, 7};
        renewer.emplace(runtime::Renewer::Enrolled{state, files, card, own.point.bytes}, clock);
    }
    ~Terminal() {
        std::error_code ignored;  // a leftover folder harms no later test
        fs::remove_all(state, ignored);
    }
    static fs::path make_folder() {
        std::string name = (fs::temp_directory_path() / "renewer-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        return name;
    }
    static void write(const fs::path& path, std::string_view content) {
        std::ofstream(path, std::ios::binary) << content;
    }
    runtime::TerminalFiles make_files() {
        runtime::TerminalFiles out;
        out.trust.catalogue = {{seal::thumbprint(publisher.point),
                                std::string(downstream::role_publisher), publisher.point},
                               {seal::thumbprint(approver.point),
                                std::string(downstream::role_approver), approver.point}};
        out.kiosk.ages.majority = 18;
        return out;
    }
    std::string signed_catalogue(const std::string& version) {
        const auto file = keys::read_file(FREIGABE_CATALOGUE, limits::catalogue_bytes_max,
                                          keys::Access::everyone);
        REQUIRE(file.has_value());
        std::string text(base::as_text(*file));
        text.replace(text.find("\"1.0.0\""), 7, "\"" + version + "\"");
        for (const auto& [key, role] : {std::pair{&publisher, downstream::role_publisher},
                                        std::pair{&approver, downstream::role_approver}}) {
            seal::PairSigner signer(*key, random);
            seal::JwsHeader header;
            header.kid = seal::thumbprint(key->point);
            header.role = std::string(role);
            const auto signed_text = downstream::add_catalogue_signature(
                base::as_bytes(text), {std::move(header), &signer});
            REQUIRE(signed_text.has_value());
            text = *signed_text;
        }
        return text;
    }
    Bytes certificate(eid::Role role, const crypto::KeyPair& key, bool our_sector = true) {
        pki::CvRequest request{.role = role,
                               .authority_reference = "DECVCA00001",
                               .holder_reference = "DEHOLDER00001",
                               .key = key.point,
                               .rights = {},
                               .effective = today,
                               .expiration = today,
                               .extensions = {}};
        const Bytes other = pki::encode_sector_key(foreign.point);
        if (role == eid::Role::terminal) {
            request.extensions = pki::sector_extension(
                crypto::Hash::sha256, {.first = our_sector ? sector : other, .second = other});
        }
        auto built = pki::build_cv_certificate(request, dv, random);
        REQUIRE(built.has_value());
        return std::move(*built);
    }
    /// Lies there as after an activation.
    Target came(Kind kind, std::string name, std::string_view content) {
        Target out = downstream_test::target(kind, std::move(name), content);
        write(state / "downstream/targets" / model::target_file_name(out.digest), content);
        return out;
    }
    void announce(std::vector<Target> list) {
        renewer->announce(downstream_test::manifest(1, std::move(list)));
    }
};

}  // namespace

TEST_CASE_FIXTURE(Terminal, "renewer: what did not come down stays as it was enrolled") {
    CHECK_FALSE(renewer->due(now_ms));
    const auto made = renewer->make(now_ms);
    CHECK_FALSE(made.setup.catalogue_trouble.has_value());
    CHECK(made.catalogue.catalogue_version == "1.0.0");
    CHECK(made.setup.ages.majority == 18);
    CHECK(made.card.certificates == std::vector<Bytes>{Bytes{2}});
    CHECK(made.card.trusted_csca == std::vector<Bytes>{Bytes{1}});
    CHECK(made.card.block_list->file == "/enrolled");
}

TEST_CASE_FIXTURE(Terminal, "renewer: a catalogue takes its place at its day, and not before") {
    Target later = came(Kind::catalogue, "later", signed_catalogue("1.2.0"));
    later.valid_from_ms = now_ms + day_ms;
    announce({came(Kind::catalogue, "now", signed_catalogue("1.1.0")), later});
    CHECK(renewer->due(now_ms));
    CHECK(renewer->make(now_ms).catalogue.catalogue_version == "1.1.0");
    CHECK_FALSE(renewer->due(now_ms));
    CHECK_FALSE(renewer->due(now_ms + day_ms - 1));
    CHECK(renewer->due(now_ms + day_ms));
    CHECK(renewer->make(now_ms + day_ms).catalogue.catalogue_version == "1.2.0");
    CHECK_FALSE(renewer->due(now_ms + 2 * day_ms));
}

TEST_CASE_FIXTURE(Terminal,
                  "renewer: a catalogue that is not signed by both roles changes nothing") {
    std::string tampered = signed_catalogue("1.1.0");
    tampered[tampered.find("\"signature\":\"") + 20] ^= 1;
    announce({came(Kind::catalogue, "c", tampered)});
    CHECK(renewer->make(now_ms).catalogue.catalogue_version == "1.0.0");
}

TEST_CASE_FIXTURE(Terminal, "attack: an older catalogue in a younger list") {
    announce({came(Kind::catalogue, "c", signed_catalogue("1.1.0"))});
    REQUIRE(renewer->make(now_ms).catalogue.catalogue_version == "1.1.0");
    announce({came(Kind::catalogue, "c", signed_catalogue("1.0.9"))});
    const auto made = renewer->make(now_ms);
    CHECK(made.setup.catalogue_trouble == Errc::catalogue_rollback);
}

TEST_CASE_FIXTURE(Terminal, "renewer: a file that the disk damaged is not used") {
    const Target target = came(Kind::catalogue, "c", signed_catalogue("1.1.0"));
    write(state / "downstream/targets" / model::target_file_name(target.digest), "damaged");
    announce({target});
    CHECK(renewer->make(now_ms).catalogue.catalogue_version == "1.0.0");
}

TEST_CASE_FIXTURE(Terminal, "renewer: of a fleet's certificates the authorities' and our own") {
    const Bytes link = certificate(eid::Role::dv_official, dv);
    const Bytes ours = certificate(eid::Role::terminal, own);
    const Bytes theirs = certificate(eid::Role::terminal, foreign);
    const Bytes strange = certificate(eid::Role::terminal, own, false);
    const Bytes bundle = base::concat({theirs, link, strange, ours});
    announce({came(Kind::certificates, "fleet", base::as_text(bundle))});
    CHECK(renewer->make(now_ms).card.certificates == std::vector<Bytes>{Bytes{2}, link, ours});
}

TEST_CASE_FIXTURE(Terminal, "renewer: who vouches for chips is replaced, so that one can go") {
    const Bytes two{0x30, 0x01, 0x05, 0x30, 0x00};
    announce({came(Kind::csca, "a", base::as_text(base::ByteView(two)))});
    const auto made = renewer->make(now_ms);
    CHECK(made.card.trusted_csca == std::vector<Bytes>{{0x30, 0x01, 0x05}, {0x30, 0x00}});
}

TEST_CASE_FIXTURE(Terminal, "renewer: list and numbers") {
    const auto list = eid::encode_block_list({today, crypto::sha256(sector), {}});
    REQUIRE(list.has_value());
    announce({came(Kind::block_list, "b", base::as_text(*list)),
              came(Kind::configuration, "c",
                   R"({"schema":"freigabe-configuration-1","ages":{"majority":21},)"
                   R"("seconds":{"done":7},"block_list_days_max":2})")});
    const auto made = renewer->make(now_ms);
    CHECK(made.setup.ages.majority == 21);
    CHECK(made.setup.done_s == 7);
    CHECK(made.card.block_list->days_max == 2);
    CHECK(made.card.block_list->file.string().find("downstream/targets") != std::string::npos);
    CHECK(eid::BlockList::open(made.card.block_list->file).has_value());
}

TEST_CASE_FIXTURE(Terminal, "content check: what the kiosk could not work with is refused") {
    runtime::DownstreamSettings settings;
    settings.trust = files.trust;
    settings.revocation_sector = sector;
    const auto code = [&](Kind kind, std::string_view content) {
        const auto checked = runtime::check_content(
            settings, now_ms, downstream_test::target(kind, "x", content), base::as_bytes(content));
        return checked ? Errc{} : checked.error().code;
    };
    const auto list = [&](const Bytes& of) {
        auto encoded = eid::encode_block_list({today, crypto::sha256(of), {}});
        return std::string(base::as_text(*encoded));
    };
    CHECK(code(Kind::catalogue, signed_catalogue("1.0.0")) == Errc{});
    CHECK(code(Kind::catalogue, "{}") == Errc::message_bad);
    CHECK(code(Kind::certificates, base::as_text(certificate(eid::Role::terminal, foreign))) ==
          Errc{});
    CHECK(code(Kind::certificates, "x") != Errc{});
    CHECK(code(Kind::csca, "x") != Errc{});
    CHECK(code(Kind::block_list, list(sector)) == Errc{});
    CHECK(code(Kind::block_list, list(Bytes{1})) == Errc::manifest_bad);
    CHECK(code(Kind::configuration, "{}") == Errc::manifest_bad);
    CHECK(code(Kind::configuration, R"({"schema":"freigabe-configuration-1"})") == Errc{});
}
