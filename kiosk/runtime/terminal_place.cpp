// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/runtime/terminal_place.hpp"

#include <pwd.h>
#include <unistd.h>

#include "drivers/base/limits_downstream.hpp"
#include "drivers/eid/cv_certificate.hpp"
#include "drivers/eid/restricted_id.hpp"
#include "drivers/keys/local_authenticator.hpp"
#include "drivers/keys/private_file.hpp"
#include "drivers/keys/remote_authenticator.hpp"
#include "sync/outbox/signing_socket.hpp"

namespace runtime {
namespace {

constexpr std::size_t config_bytes_max = 65'536;

base::Result<base::Bytes> read(const std::filesystem::path& path, std::size_t bytes_max) {
    return keys::read_file(path, bytes_max, keys::Access::everyone);
}

base::Result<uid_t> user_id(const std::string& name) {
    if (name.empty()) return ::getuid();
    // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread at this time, so its buffer is ours.
    const passwd* entry = ::getpwnam(name.c_str());
    if (entry == nullptr) return base::fail(base::Errc::config_bad, "syncd_user");
    return entry->pw_uid;
}

core::Availability available(bool yes) {
    return yes ? core::Availability::yes : core::Availability::no;
}

}  // namespace

base::Result<TerminalFiles> read_terminal(const std::filesystem::path& state,
                                          const std::filesystem::path& config) {
    TRY(terminal_json, read(state / "terminal.json", config_bytes_max));
    TRY(trust_json, read(state / "trust.json", config_bytes_max));
    TRY(kiosk_json, read(config, config_bytes_max));
    TRY(terminal, downstream::parse_terminal_file(base::as_text(terminal_json)));
    TRY(trust, downstream::parse_trust(base::as_text(trust_json)));
    TRY(kiosk, parse_kiosk_file(base::as_text(kiosk_json)));
    return TerminalFiles{std::move(terminal), std::move(trust), std::move(kiosk)};
}

base::Result<JournalSettings> journal_settings(const std::filesystem::path& state,
                                               const TerminalFiles& files) {
    TRY(syncd, user_id(files.kiosk.syncd_user));
    journal::Options options;
    options.path = state / "journal.db";
    options.terminal = files.terminal.terminal;
    options.site = files.terminal.site;
    options.views_key = files.trust.views;
    options.receipt_key = files.trust.receipts.point;
    // Only there after the journal key was changed; read once more than needed it says nothing new.
    if (const auto change = read(state / "key-change.jws", config_bytes_max))
        options.key_change = std::string(base::as_text(*change));
    options.more_receipt_keys = files.trust.more_receipts;
    options.log_keys = files.trust.log;
    options.log_name = files.trust.log_name;
    return JournalSettings{std::move(options), state / "kiosk.sock", syncd};
}

base::Result<InsightSettings> insight_settings(const std::filesystem::path& state,
                                               const TerminalFiles& files) {
    TRY(syncd, user_id(files.kiosk.syncd_user));
    InsightSettings out{state / "insight.sock", syncd, {}};
    out.trust = {files.terminal.terminal, files.trust.views, files.trust.more_receipts};
    out.trust.receipt_keys.insert(out.trust.receipt_keys.begin(), files.trust.receipts.point);
    return out;
}

base::Result<CardIdentity> card_identity(const std::filesystem::path& config,
                                         const TerminalFiles& files) {
    const auto folder = config.parent_path();
    CardIdentity identity;
    TRY(sector, read(folder / files.kiosk.card.sector, limits::card_file_bytes_max));
    identity.settings.sector_key = sector;
    for (const auto& name : files.kiosk.card.csca) {
        TRY(certificate, read(folder / name, limits::card_file_bytes_max));
        identity.settings.trusted_csca.push_back(std::move(certificate));
    }
    for (const auto& name : files.kiosk.card.certificates) {
        TRY(bytes, read(folder / name, limits::certificate_bytes_max));
        TRY(certificate, eid::parse_cv_certificate(bytes));
        if (certificate.chat.role == eid::Role::terminal)
            TRY_VOID(eid::check_sector_key(certificate, sector));
        identity.certificates.push_back(std::move(bytes));
    }
    if (const auto& list = files.kiosk.card.block_list) {
        TRY(list_sector, read(folder / list->sector, limits::card_file_bytes_max));
        identity.block_list = BlockListRule{folder / list->file, list_sector, list->days_max};
    }
    return identity;
}

std::optional<DownstreamSettings> downstream_settings(const std::filesystem::path& state,
                                                      const TerminalFiles& files,
                                                      const CardIdentity& card) {
    const auto root = read(state / "root.jws", limits::root_file_bytes_max);
    if (!root) return std::nullopt;
    DownstreamSettings out;
    out.folder = state / "downstream";
    out.terminal = files.terminal.terminal;
    out.enrolled_root = base::as_text(*root);
    out.trust = files.trust;
    if (card.block_list) out.revocation_sector = card.block_list->sector_key;
    out.floor_ms = files.terminal.time_floor_ms;
    return out;
}

base::Result<std::unique_ptr<port::TerminalAuthenticator>> make_authenticator(
    const std::vector<base::Bytes>& certificates, const AuthenticatorPorts& ports) {
    if (ports.service != nullptr)
        return std::make_unique<keys::RemoteAuthenticator>(*ports.service, certificates);
    TRY(local, keys::LocalAuthenticator::create(certificates, ports.keys, "terminal"));
    return std::make_unique<keys::LocalAuthenticator>(std::move(local));
}

base::Result<std::unique_ptr<port::SigningService>> open_signing_service(
    const std::filesystem::path& state, const TerminalFiles& files, port::Clock& clock) {
    if (files.kiosk.card.signer == SignerPlace::local)
        return std::unique_ptr<port::SigningService>();
    TRY(syncd, user_id(files.kiosk.syncd_user));
    TRY(socket, outbox::SigningSocket::open({state / "sign.sock", syncd}, clock));
    return std::unique_ptr<port::SigningService>(std::move(socket));
}

view::Site site_of(const TerminalFiles& files) {
    view::Site site;
    site.name = files.terminal.site;
    site.provider = files.kiosk.provider;
    for (const auto& tag : files.kiosk.languages) {
        site.languages.push_back({tag, std::string(own_name(tag))});
    }
    site.draft_mark = files.terminal.drafts_shown;
    return site;
}

core::Setup setup_of(const TerminalFiles& files) {
    using downstream::TerminalMode;
    core::Setup setup;
    setup.drafts = files.terminal.drafts_shown ? consent::Drafts::show : consent::Drafts::hide;
    setup.ages = files.kiosk.ages;
    setup.idle_warning_s = files.kiosk.idle_warning_s;
    setup.idle_purge_s = files.kiosk.idle_purge_s;
    setup.card_return_s = files.kiosk.card_return_s;
    setup.done_s = files.kiosk.done_s;
    setup.grants_on_draft = available(files.terminal.mode != TerminalMode::live);
    setup.staff_call = available(files.kiosk.staff_call);
    setup.printer = available(!files.kiosk.printer.empty());
    setup.slip_reader = available(!files.kiosk.slip_reader.empty());
    setup.language_default = files.kiosk.language_default;
    setup.low_reach_default = files.kiosk.low_reach;
    return setup;
}

}  // namespace runtime
