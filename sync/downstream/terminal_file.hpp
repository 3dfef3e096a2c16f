// SPDX-License-Identifier: EUPL-1.2
// terminal.json: who this terminal is and what it was told at enrolment. The kiosk reads it at
// start; syncd has a file of its own beside it and never reads this one. Nothing in it is a secret.
// Pure functions, any thread. Form:
// {"schema":"freigabe-terminal-1","terminal":uuid,"site":text,"backend":"https://host[:port]",
//        "mode":"live|training|demo","drafts":"hide|show","time_floor_ms":n}
// Relative to its folder lie keys/journal.key, keys/tls.key, trust.json, catalogue.jws and
// journal.db.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "drivers/base/result.hpp"
#include "drivers/base/uuid.hpp"

namespace downstream {

/// live: grants on draft texts are refused and drafts stay hidden, whatever `drafts` says.
enum class TerminalMode : std::uint8_t { live, training, demo };

struct TerminalFile {
    base::Uuid terminal;
    std::string site;     ///< name of the place, shown in the header
    std::string backend;  ///< origin
    TerminalMode mode = TerminalMode::live;
    bool drafts_shown = false;        ///< never with live
    std::uint64_t time_floor_ms = 0;  ///< signed or TLS-proved backend time at enrolment
    friend bool operator==(const TerminalFile&, const TerminalFile&) = default;
};

/// errors  config_bad: form, a missing or unknown member, drafts shown in live mode.
base::Result<TerminalFile> parse_terminal_file(std::string_view json);
[[nodiscard]] std::string write_terminal_file(const TerminalFile& file);

}  // namespace downstream
