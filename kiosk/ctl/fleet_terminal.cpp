// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/ctl/fleet_terminal.hpp"

#include <algorithm>
#include <chrono>

#include "drivers/crypto/digest.hpp"
#include "drivers/crypto/key_file.hpp"
#include "drivers/os/system_clock.hpp"
#include "drivers/pki/pem.hpp"
#include "kiosk/ctl/files.hpp"
#include "sync/model/declaration_json.hpp"
#include "sync/model/json.hpp"
#include "sync/model/times.hpp"
#include "sync/seal/chain.hpp"
#include "sync/seal/jwe.hpp"

namespace ctl {
namespace {

constexpr std::size_t sealed_texts = 8;

/// A consent as the kiosk would write it, so that its sealed text has the size of a real one.
model::Declaration sample_consent(const base::Uuid& terminal, std::uint64_t wall_ms) {
    model::Declaration out;
    out.id = fleet_id(1);
    out.act_type = model::ActType::consent;
    out.event = model::Event::given;
    out.entry = model::EntryRef{model::EntryId("JBA-03"), "1.0", "1.0.0", {}};
    out.subject = model::SubjectRef{model::SubjectKind::pseudonym, base::Bytes(32, 7)};
    out.person = model::Person{"Mustermann-Beispiel", "Erika Anna Maria", "2007-03-14"};
    const model::Date today = model::day_of(wall_ms);
    const auto later = std::chrono::sys_days(today) + std::chrono::days(180);
    out.selection = model::Selection{
        {model::AuthorityId("musterstadt-jugendamt")},
        {model::AuthorityId("musterstadt-agentur"), model::AuthorityId("musterstadt-jobcenter")},
        {"C01", "C07"},
        {},
        today,
        model::Date(later)};
    out.presentation.language = "de";
    out.presentation.contrast = "light";
    out.presentation.review_shown = true;
    out.place = {terminal, "Musterstadt"};
    out.time = {wall_ms, 0, model::TimeQuality::wall};
    return out;
}

base::Result<crypto::KeyPair> read_ca(const std::string& path) {
    TRY(content, read_file(path));
    return crypto::parse_private_key(content);
}

}  // namespace

base::Uuid fleet_id(std::uint64_t number) {
    std::array<std::uint8_t, 16> bytes{0xF1, 0xEE, 0x70, 0, 0, 0, 0x70, 0, 0x80};
    for (std::size_t i = 0; i < 6; ++i)
        bytes[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
    return base::Uuid(bytes);
}

base::Result<FleetCommon> make_fleet(const std::string& pki_folder, port::Random& random) {
    TRY(ca_certificate, read_file(pki_folder + "/tls-ca.crt"));
    TRY(ca, read_ca(pki_folder + "/tls-ca.key"));
    TRY(views_text, read_file(pki_folder + "/views.jwk"));
    TRY(views, seal::parse_public_jwk(base::as_text(views_text)));
    FleetCommon out{std::move(ca_certificate),
                    // As freigabectl pki init names it.
                    {"DE", "Freigabe", "", "Freigabe TLS CA"},
                    std::move(ca),
                    crypto::generate_key(crypto::Curve::p256, random),
                    crypto::generate_key(crypto::Curve::p256, random),
                    {},
                    {},
                    "Fleet"};
    out.tls_private = crypto::write_private_key(out.tls);
    const os::SystemClock clock;
    for (std::size_t i = 0; i < sealed_texts; ++i) {
        TRY(plain, model::encode(sample_consent(fleet_id(i), clock.wall_ms())));
        TRY(jwe, seal::seal_jwe(base::as_bytes(plain), views, random));
        out.sealed.push_back(std::move(jwe));
    }
    return out;
}

FleetTerminal::FleetTerminal(const FleetCommon& common, std::uint64_t number)
    : common_(common), draw_(number), id_(fleet_id(number)), granted_(id_) {}

base::Result<std::unique_ptr<http::TlsContext>> FleetTerminal::tls(port::Random& random) const {
    const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
    const pki::X509Request request{.purpose = pki::X509Purpose::tls_client,
                                   .subject = {"DE", "Freigabe", "terminal", base::to_text(id_)},
                                   .key = common_.tls.point,
                                   .not_before = today - std::chrono::days(1),
                                   .not_after = today + std::chrono::days(30),
                                   .dns_names = {},
                                   .ip_addresses = {}};
    TRY(der, pki::build_x509_certificate(request, {common_.ca_name, common_.ca}, random));
    const std::string pem = pki::to_pem("CERTIFICATE", der);
    return http::TlsContext::make(
        http::TlsSide::client, {common_.ca_certificate, base::as_bytes(pem), common_.tls_private},
        [] { return http::window_of_clock(os::SystemClock().wall_ms()); }, random);
}

base::Result<std::string> FleetTerminal::enrolment(const std::string& code,
                                                   port::Random& random) const {
    seal::JwsHeader header;
    header.typ = seal::typ_enrolment;
    header.jwk = common_.journal.point;
    const std::string payload = model::JsonWriter()
                                    .text("terminal", base::to_text(id_))
                                    .text("site", common_.site)
                                    .text("code", code)
                                    .done();
    seal::PairSigner signer(common_.journal, random);
    return seal::sign_compact(header, base::as_bytes(payload), signer);
}

model::Digest FleetTerminal::any_tag() {
    model::Digest tag{};
    for (std::size_t at = 0; at < tag.size(); at += 8) {
        const std::uint64_t bits = draw_();
        for (std::size_t i = 0; i < 8; ++i)
            tag[at + i] = static_cast<std::uint8_t>(bits >> (8 * i));
    }
    return tag;
}

model::Record FleetTerminal::next_record(model::Kind kind, std::uint64_t wall_ms) {
    const model::Digest fresh = any_tag();
    std::array<std::uint8_t, 16> declaration{};
    std::copy_n(fresh.begin(), declaration.size(), declaration.begin());
    model::Scopes scopes;
    scopes.declaration = base::Uuid(declaration);
    if (kind == model::Kind::grant) {
        if (seq_ % 3 == 0) subject_ = any_tag();
        scopes.tag_s = subject_;
        scopes.parts = {{any_tag(), any_tag()}, {any_tag(), any_tag()}};
        granted_ = scopes.declaration;
    } else {
        scopes.tag_s = subject_;
        scopes.targets = {{model::TargetKind::declaration, model::declaration_value(granted_)}};
    }
    model::Record record;
    record.scopes = model::encode(scopes);
    record.jwe = common_.sealed[seq_ % common_.sealed.size()];
    model::Header header;
    header.key = {id_, 1, ++seq_};
    header.prev = prev_;
    header.jwe_sha256 = crypto::sha256(base::as_bytes(record.jwe));
    header.scopes_sha256 = crypto::sha256(record.scopes);
    header.kind = kind;
    header.time = {wall_ms, 0, model::TimeQuality::wall};
    record.header = model::encode(header);
    prev_ = seal::leaf_hash(record.header);
    return record;
}

base::Result<std::string> FleetTerminal::head(port::Random& random) const {
    seal::PairSigner signer(common_.journal, random);
    return seal::sign_head({{id_, 1, seq_}, prev_}, signer);
}

base::Result<std::string> FleetTerminal::next_batch(std::size_t count, std::uint64_t wall_ms,
                                                    port::Random& random) {
    model::Batch batch{id_, 1, seq_ + 1, seq_ + count, {}, {}};
    for (std::size_t i = 0; i < count; ++i) {
        const bool takes_back = seq_ % 3 == 2;
        batch.records.push_back(
            next_record(takes_back ? model::Kind::withdrawal : model::Kind::grant, wall_ms));
    }
    TRY(jws, head(random));
    batch.head = std::move(jws);
    return model::encode(batch);
}

base::Result<std::string> FleetTerminal::next_advance(std::uint64_t wall_ms, port::Random& random) {
    model::Advance advance{id_, {}};
    model::Record record = next_record(model::Kind::withdrawal, wall_ms);
    TRY(jws, head(random));
    advance.copies.push_back({std::move(jws), std::move(record)});
    return model::encode(advance);
}

}  // namespace ctl
