// SPDX-License-Identifier: EUPL-1.2
// Reads everything that makes this machine this terminal: terminal.json, trust.json, kiosk.json,
// keys and card certificates, and checks each at start, so that a citizen never finds a missing
// file. Main thread, before any worker.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "drivers/base/result.hpp"
#include "drivers/port/key_store.hpp"
#include "drivers/port/signing_service.hpp"
#include "drivers/port/terminal_authenticator.hpp"
#include "kiosk/runtime/card_worker.hpp"
#include "kiosk/runtime/insight_worker.hpp"
#include "kiosk/runtime/journal_worker.hpp"
#include "kiosk/runtime/kiosk_file.hpp"
#include "kiosk/runtime/pin_readiness.hpp"
#include "kiosk/view/site.hpp"
#include "sync/downstream/terminal_file.hpp"
#include "sync/downstream/trust.hpp"

namespace runtime {

struct TerminalFiles {
    downstream::TerminalFile terminal;
    downstream::Trust trust;
    KioskFile kiosk;
};

/// state   the terminal's folder; config  kiosk.json.
/// errors  file_io, config_bad, key_bad.
base::Result<TerminalFiles> read_terminal(const std::filesystem::path& state,
                                          const std::filesystem::path& config);

/// What the journal worker is opened with. errors: config_bad (no such user for syncd).
base::Result<JournalSettings> journal_settings(const std::filesystem::path& state,
                                               const TerminalFiles& files);

/// What the insight worker is started with. errors: config_bad (no such user for syncd).
base::Result<InsightSettings> insight_settings(const std::filesystem::path& state,
                                               const TerminalFiles& files);

/// What cards are met with. `certificates` is what the authenticator needs.
struct CardIdentity {
    CardSettings settings;
    std::optional<BlockListRule> block_list;
    std::vector<base::Bytes> certificates;
};
/// errors  file_io, certificate_bad, restricted_id_failed (another sector than certified).
base::Result<CardIdentity> card_identity(const std::filesystem::path& config,
                                         const TerminalFiles& files);

/// What the downstream needs; nothing on a terminal that was enrolled without a root (root.jws in
/// the state).
[[nodiscard]] std::optional<DownstreamSettings> downstream_settings(
    const std::filesystem::path& state, const TerminalFiles& files, const CardIdentity& card);

/// The key for terminal authentication, wherever it is. Ports outlive the authenticator.
struct AuthenticatorPorts {
    port::KeyStore& keys;
    port::SigningService* service;  ///< of a remote signer; else null
};
/// errors  those of keys::LocalAuthenticator::create.
base::Result<std::unique_ptr<port::TerminalAuthenticator>> make_authenticator(
    const std::vector<base::Bytes>& certificates, const AuthenticatorPorts& ports);
/// The socket on which syncd offers the site's eID service: sign.sock in the state; null if the
/// terminal's key is its own. errors: those of outbox::SigningSocket::open, config_bad
/// (syncd_user).
base::Result<std::unique_ptr<port::SigningService>> open_signing_service(
    const std::filesystem::path& state, const TerminalFiles& files, port::Clock& clock);

/// The screens' side of the same files.
[[nodiscard]] view::Site site_of(const TerminalFiles& files);
/// Setup without catalogue and offers.
[[nodiscard]] core::Setup setup_of(const TerminalFiles& files);

}  // namespace runtime
