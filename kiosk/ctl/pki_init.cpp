// SPDX-License-Identifier: EUPL-1.2
// `freigabectl pki init`, see pki_init.hpp. Private keys are .key (PKCS#8 DER, mode 0600), CV
// certificates .cvcert, X.509 certificates .crt (PEM) and .der, public JSON Web Keys .jwk.
//   cvca, cvca2, dv, terminal        the card's trust anchor, its successor, verifier, terminal
//   cvca-link.cvcert                 cvca certifies cvca2 (which has signed dv)
//   terminal.desc                    certificate description, shown before the PIN
//   sector, sector-revocation        .pub = 7F49; their hashes are in terminal.cvcert
//   csca, ds                         who signs EF.CardSecurity of test cards
//   tls-ca, backend, tls-terminal    TLS authority, server, terminal
//   authority-<id>, auditor          clients; also .pem = key and certificate for a browser
//   authority-secrets.json           under which the backend makes each authority's handles
//   views, receipts                  what records are sealed to; who signs receipts
//   catalogue-publisher, -dsb        the two roles that sign a catalogue
//   trust.json                       the public keys that a terminal trusts
//   downstream-root-N, -manifest-N   three people each; two sign what comes down to terminals
//   downstream-root.jws              who they are: the root that a terminal is enrolled with
//   terminal.id                      the UUID in tls-terminal
#include "kiosk/ctl/pki_init.hpp"

#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "drivers/base/limits_downstream.hpp"
#include "drivers/crypto/key_file.hpp"
#include "drivers/keys/private_file.hpp"
#include "drivers/pki/certificate_description.hpp"
#include "drivers/pki/cv_builder.hpp"
#include "drivers/pki/pem.hpp"
#include "drivers/pki/x509_builder.hpp"
#include "kiosk/ctl/pki_files.hpp"
#include "sync/downstream/root.hpp"
#include "sync/model/json.hpp"
#include "sync/seal/jwk.hpp"

namespace ctl {

namespace {

using crypto::KeyPair;
using std::chrono::days;

constexpr days authority_days{3 * 365};
constexpr days verifier_days{90};
constexpr days tls_days{365};
/// The authorities of the demo town that get a client certificate, with their full names.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> authorities{
    {{"musterstadt-agentur", "Agentur für Arbeit Musterstadt"},
     {"musterstadt-jobcenter", "Jobcenter Musterstadt"},
     {"musterstadt-jugendamt", "Jugendamt Musterstadt"}}};

struct Maker {
    const PkiPlan& plan;
    port::Random& random;

    base::Result<KeyPair> new_key(const std::string& name, crypto::Curve curve) const {
        KeyPair key = crypto::generate_key(curve, random);
        TRY_VOID(write_key(plan.folder / (name + ".key"), key));
        return key;
    }
    base::Result<void> cv(const std::string& name, const pki::CvRequest& request,
                          const KeyPair& signer) const {
        TRY(certificate, pki::build_cv_certificate(request, signer, random));
        return write_public(plan.folder / (name + ".cvcert"), certificate);
    }
    base::Result<base::Bytes> x509(const std::string& name, const pki::X509Request& request,
                                   const pki::X509Issuer& issuer) const {
        TRY(certificate, pki::build_x509_certificate(request, issuer, random));
        TRY_VOID(write_certificate(plan.folder / name, certificate));
        return std::move(certificate);
    }
    base::Result<void> jwk(const std::string& name, const std::string& text) const {
        return write_public(plan.folder / (name + ".jwk"), base::as_bytes(text + "\n"));
    }
};

struct References {
    std::string cvca = "DECVCAFREI00001";
    std::string cvca2 = "DECVCAFREI00002";
    std::string dv = "DEDVFREI00001";
    std::string terminal = "DEATFREI00001";
};

eid::Rights kiosk_rights() {
    auto rights = eid::right_restricted_id | eid::right_age_verification |
                  eid::right_community_verification | eid::right_pin_management |
                  eid::right_can_allowed;
    for (const unsigned group :
         {1U, 2U, 3U, 4U, 5U, 6U, 7U, 8U, 9U, 10U, 11U, 13U, 17U, 18U, 19U, 20U}) {
        rights = rights | eid::right_read(group);
    }
    return rights;
}

base::Result<base::Bytes> make_description(const Maker& maker) {
    base::Bytes description = pki::encode(
        {.issuer_name = "Freigabe Test-Berechtigungs-CA",
         .issuer_url = "https://ca.musterstadt.example",
         .subject_name = "Stadt Musterstadt, Jugendberufsagentur (Testbetrieb)",
         .subject_url = "https://www.musterstadt.example",
         .terms_of_usage =
             "Anbieter: Stadt Musterstadt, Rathausplatz 1, 12345 Musterstadt, "
             "freigabe@musterstadt.example\n"
             "Zweck: Freigaben erklären und zurücknehmen\n"
             "Datenschutzaufsicht: Landesbeauftragte für den Datenschutz, Musterstraße 9, "
             "12345 Musterstadt\n"});
    TRY_VOID(write_public(maker.plan.folder / "terminal.desc", description));
    return description;
}

/// The sector key pair is held by the authorisation authority, not by the terminal; only its public
/// part goes there.
base::Result<base::Bytes> make_sector(const Maker& maker, const std::string& name) {
    TRY(key, maker.new_key(name, maker.plan.card_curve));
    base::Bytes encoded = pki::encode_sector_key(key.point);
    TRY_VOID(write_public(maker.plan.folder / (name + ".pub"), encoded));
    return encoded;
}

base::Result<void> make_terminal(const Maker& maker, const KeyPair& verifier) {
    const References names;
    const auto& plan = maker.plan;
    const auto hash = pki::hash_of(plan.card_curve);
    TRY(description, make_description(maker));
    TRY(sector, make_sector(maker, "sector"));
    TRY(revocation, make_sector(maker, "sector-revocation"));
    TRY(terminal, maker.new_key("terminal", plan.card_curve));
    base::Bytes extensions = pki::description_extension(hash, description);
    base::append(extensions, pki::sector_extension(hash, {.first = sector, .second = revocation}));
    return maker.cv("terminal",
                    {.role = eid::Role::terminal,
                     .authority_reference = names.dv,
                     .holder_reference = names.terminal,
                     .key = terminal.point,
                     .rights = kiosk_rights(),
                     .effective = plan.today,
                     .expiration = plan.today + days(plan.terminal_days),
                     .extensions = std::move(extensions)},
                    verifier);
}

base::Result<void> make_card_chain(const Maker& maker) {
    const References names;
    const auto& plan = maker.plan;
    TRY(cvca, maker.new_key("cvca", plan.card_curve));
    TRY(cvca2, maker.new_key("cvca2", plan.card_curve));
    TRY(dv, maker.new_key("dv", plan.card_curve));
    pki::CvRequest request{.role = eid::Role::cvca,
                           .authority_reference = names.cvca,
                           .holder_reference = names.cvca,
                           .key = cvca.point,
                           .rights = eid::Rights{eid::rights_mask},
                           .effective = plan.today - days(1),
                           .expiration = plan.today + authority_days,
                           .extensions = {}};
    TRY_VOID(maker.cv("cvca", request, cvca));
    request.holder_reference = names.cvca2;
    request.key = cvca2.point;
    request.effective = plan.today;
    TRY_VOID(maker.cv("cvca-link", request, cvca));
    request.authority_reference = names.cvca2;
    TRY_VOID(maker.cv("cvca2", request, cvca2));
    request.role = eid::Role::dv_official;
    request.holder_reference = names.dv;
    request.key = dv.point;
    request.expiration = plan.today + verifier_days;
    TRY_VOID(maker.cv("dv", request, cvca2));
    return make_terminal(maker, dv);
}

base::Result<void> make_document_signer(const Maker& maker) {
    const pki::Name csca_name{"DE", "Freigabe Test", "", "Test CSCA"};
    TRY(csca, maker.new_key("csca", maker.plan.card_curve));
    TRY(signer, maker.new_key("ds", maker.plan.card_curve));
    pki::X509Request request{.purpose = pki::X509Purpose::authority,
                             .subject = csca_name,
                             .key = csca.point,
                             .not_before = maker.plan.today - days(1),
                             .not_after = maker.plan.today + days(10 * 365),
                             .dns_names = {},
                             .ip_addresses = {}};
    TRY_VOID(maker.x509("csca", request, {csca_name, csca}));
    request.purpose = pki::X509Purpose::document_signer;
    request.subject = {"DE", "Freigabe Test", "", "Test Document Signer"};
    request.key = signer.point;
    TRY_VOID(maker.x509("ds", request, {csca_name, csca}));
    return {};
}

struct TlsClient {
    std::string file;
    std::string unit;
    std::string id;
    bool for_browser;  ///< also as .pem with the key
};

base::Result<void> make_tls_client(const Maker& maker, const TlsClient& client,
                                   const pki::X509Issuer& issuer) {
    TRY(key, maker.new_key(client.file, crypto::Curve::p256));
    const pki::X509Request request{.purpose = pki::X509Purpose::tls_client,
                                   .subject = {"DE", "Freigabe", client.unit, client.id},
                                   .key = key.point,
                                   .not_before = maker.plan.today - days(1),
                                   .not_after = maker.plan.today + tls_days,
                                   .dns_names = {},
                                   .ip_addresses = {}};
    TRY(certificate, maker.x509(client.file, request, issuer));
    if (!client.for_browser) return {};
    base::Bytes encoded = crypto::write_private_key(key);
    const std::string pem =
        pki::to_pem("PRIVATE KEY", encoded) + pki::to_pem("CERTIFICATE", certificate);
    base::wipe(encoded);
    return keys::write_file(maker.plan.folder / (client.file + ".pem"), base::as_bytes(pem),
                            keys::Access::owner_only);
}

base::Result<void> make_tls(const Maker& maker) {
    const auto& plan = maker.plan;
    const pki::Name ca_name{"DE", "Freigabe", "", "Freigabe TLS CA"};
    TRY(ca, maker.new_key("tls-ca", crypto::Curve::p256));
    TRY(server, maker.new_key("backend", crypto::Curve::p256));
    const pki::X509Issuer issuer{ca_name, ca};
    pki::X509Request request{.purpose = pki::X509Purpose::authority,
                             .subject = ca_name,
                             .key = ca.point,
                             .not_before = plan.today - days(1),
                             .not_after = plan.today + authority_days,
                             .dns_names = {},
                             .ip_addresses = {}};
    TRY_VOID(maker.x509("tls-ca", request, issuer));
    request.purpose = pki::X509Purpose::tls_peer;
    request.subject = {"DE", "Freigabe", "backend", plan.dns_names.front()};
    request.key = server.point;
    request.not_after = plan.today + tls_days;
    request.dns_names = plan.dns_names;
    request.ip_addresses = {{127, 0, 0, 1}};
    TRY_VOID(maker.x509("backend", request, issuer));

    const std::string terminal = base::to_text(plan.terminal);
    TRY_VOID(write_public(plan.folder / "terminal.id", base::as_bytes(terminal + "\n")));
    TRY_VOID(make_tls_client(maker, {"tls-terminal", "terminal", terminal, false}, issuer));
    for (const auto& [id, name] : authorities) {
        TRY_VOID(make_tls_client(
            maker, {"authority-" + std::string(id), "authority", std::string(id), true}, issuer));
    }
    return make_tls_client(maker, {"auditor", "auditor", "musterstadt-revision", true}, issuer);
}

/// Under its secret an authority's handle of a person is made (freigabe-backend
/// --authority-secrets).
base::Result<void> make_authority_secrets(const Maker& maker) {
    model::JsonWriter all;
    for (const auto& [id, name] : authorities) {
        base::Bytes secret(32);
        maker.random.fill(secret);
        all.raw(id, model::JsonWriter().text("name", name).bytes("secret", secret).done());
        base::wipe(secret);
    }
    const std::string text = all.done() + "\n";
    return keys::create_file(maker.plan.folder / "authority-secrets.json", base::as_bytes(text),
                             keys::Access::owner_only);
}

std::string public_jwk(const KeyPair& key) {
    return seal::write_public_jwk({seal::thumbprint(key.point), key.point});
}

base::Result<void> make_signing_keys(const Maker& maker) {
    TRY(views, maker.new_key("views", crypto::Curve::p256));
    TRY(receipts, maker.new_key("receipts", crypto::Curve::p256));
    TRY(publisher, maker.new_key("catalogue-publisher", crypto::Curve::p256));
    TRY(officer, maker.new_key("catalogue-dsb", crypto::Curve::p256));
    const std::string views_jwk = public_jwk(views);
    const std::string receipts_jwk = public_jwk(receipts);
    const std::string publisher_jwk = public_jwk(publisher);
    const std::string officer_jwk = public_jwk(officer);
    TRY_VOID(maker.jwk("views", views_jwk));
    TRY_VOID(maker.jwk("receipts", receipts_jwk));
    TRY_VOID(maker.jwk("catalogue-publisher", publisher_jwk));
    TRY_VOID(maker.jwk("catalogue-dsb", officer_jwk));
    const std::string trust =
        "{\"schema\":\"freigabe-trust-1\",\n \"backend\":{\"views\":" + views_jwk +
        ",\n  \"receipts\":" + receipts_jwk +
        "},\n \"catalogue\":[{\"role\":\"authority_publisher\",\"key\":" + publisher_jwk +
        "},\n  {\"role\":\"dsb_approver\",\"key\":" + officer_jwk + "}]}\n";
    return write_public(maker.plan.folder / "trust.json", base::as_bytes(trust));
}

/// Three people a role; the root is signed by two, as `freigabectl downstream` would.
base::Result<void> make_downstream(const Maker& maker) {
    downstream::Root root;
    root.version = 1;
    const auto expires = maker.plan.today + authority_days;
    root.expires_ms =
        static_cast<std::uint64_t>(expires.time_since_epoch().count()) * 86'400'000ULL;
    std::vector<KeyPair> root_keys;
    for (const auto& [word, role] : {std::pair{downstream::role_root, &root.root},
                                     std::pair{downstream::role_manifest, &root.manifest}}) {
        role->threshold = limits::role_threshold_min;
        const bool is_root = word == downstream::role_root;
        for (const char* number : {"1", "2", "3"}) {
            const std::string stem = is_root ? "downstream-root-" : "downstream-manifest-";
            TRY(key, maker.new_key(stem + number, crypto::Curve::p256));
            role->keys.push_back({seal::thumbprint(key.point), std::string(word), key.point});
            if (is_root) root_keys.push_back(std::move(key));
        }
    }
    std::string file = downstream::write_root(root);
    for (std::size_t i = 0; i < limits::role_threshold_min; ++i) {
        seal::PairSigner signer(root_keys[i], maker.random);
        seal::JwsHeader header;
        header.kid = seal::thumbprint(root_keys[i].point);
        header.role = std::string(downstream::role_root);
        TRY(signed_file, downstream::add_signature(base::as_bytes(file), {header, &signer},
                                                   limits::root_file_bytes_max));
        file = std::move(signed_file);
    }
    return write_public(maker.plan.folder / "downstream-root.jws", base::as_bytes(file));
}

}  // namespace

base::Result<void> make_pki(const PkiPlan& plan, port::Random& random) {
    const Maker maker{plan, random};
    TRY_VOID(make_card_chain(maker));
    TRY_VOID(make_document_signer(maker));
    TRY_VOID(make_tls(maker));
    TRY_VOID(make_authority_secrets(maker));
    TRY_VOID(make_downstream(maker));
    return make_signing_keys(maker);
}

}  // namespace ctl
