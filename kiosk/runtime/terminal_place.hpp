// SPDX-License-Identifier: EUPL-1.2
// Reads everything that makes this machine this terminal: terminal.json, trust.json, kiosk.json,
// keys and card certificates, and checks each at start, so that a citizen never finds a missing
// file. Main thread, before any worker.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "drivers/base/result.hpp"
#include "drivers/keys/file_key_store.hpp"
#include "drivers/keys/local_authenticator.hpp"
#include "drivers/port/random.hpp"
#include "kiosk/runtime/card_worker.hpp"
#include "kiosk/runtime/journal_worker.hpp"
#include "kiosk/runtime/kiosk_file.hpp"
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

/// Certificates and sector key for cards. `certificates` receives what the authenticator needs.
/// errors  file_io, certificate_bad, restricted_id_failed (another sector than certified).
struct CardIdentity {
    CardSettings settings;
    std::vector<base::Bytes> certificates;
};
base::Result<CardIdentity> card_identity(const std::filesystem::path& config,
                                         const TerminalFiles& files);

/// The screens' side of the same files.
[[nodiscard]] view::Site site_of(const TerminalFiles& files);
/// Setup without catalogue and offers.
[[nodiscard]] core::Setup setup_of(const TerminalFiles& files);

}  // namespace runtime
