// SPDX-License-Identifier: EUPL-1.2
// What `freigabectl doctor` looks at. Each look appends findings and changes nothing: no file is
// written, no try of a PIN is spent, no connection of the running programs is touched. Main thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/result.hpp"
#include "drivers/eid/date.hpp"
#include "sync/downstream/terminal_file.hpp"

namespace ctl {

enum class Verdict : std::uint8_t { ok, warn, bad };

struct Finding {
    Verdict verdict;
    std::string check;   ///< fixed word, for scripts
    std::string what;    ///< what was found; never a secret, never a person
    std::string remedy;  ///< empty with ok
};

class Findings {
  public:
    void ok(std::string_view check, std::string what);
    void warn(std::string_view check, std::string what, std::string remedy);
    void bad(std::string_view check, std::string what, std::string remedy);
    [[nodiscard]] const std::vector<Finding>& all() const { return all_; }
    [[nodiscard]] bool any_bad() const;

  private:
    std::vector<Finding> all_;
};

/// Where to look.
struct DoctorPlace {
    std::filesystem::path state;    ///< the terminal's folder; empty = not a terminal
    std::filesystem::path config;   ///< kiosk.json
    std::filesystem::path fonts;    ///< folder of the Noto fonts
    std::filesystem::path locales;  ///< folder of the compiled locales
    bool offline = false;           ///< leave the backend alone
};

/// "name at step (0xdetail)": what a remedy may quote.
[[nodiscard]] std::string text_of(const base::Error& error);
/// "2026-11-25": day of a Unix time, UTC.
[[nodiscard]] std::string day_text(std::uint64_t unix_ms);
/// The DER inside the first PEM block, or the bytes themselves if they are DER already.
/// errors  certificate_bad.
base::Result<base::Bytes> der_of(base::ByteView content);

/// A span of days judged at `now_ms`: expired or not yet valid is bad, near its end a warning.
struct Validity {
    std::uint64_t from_ms = 0;
    std::uint64_t until_ms = 0;  ///< exclusive
    std::uint64_t warn_days = 0;
};
void judge_validity(Findings& out, std::string_view check, const std::string& name,
                    const Validity& validity, std::uint64_t now_ms);

// Each of these is one look, in its own file.
void look_at_machine(Findings& out, const DoctorPlace& place);
void look_at_readers(Findings& out, const DoctorPlace& place);
void look_at_state(Findings& out, const DoctorPlace& place);
void look_at_keys(Findings& out, const DoctorPlace& place);
void look_at_signer(Findings& out, const DoctorPlace& place);
void look_at_block_list(Findings& out, const DoctorPlace& place, const eid::Date& today);
void look_at_certificates(Findings& out, const DoctorPlace& place, std::uint64_t now_ms);
void look_at_devices(Findings& out, const DoctorPlace& place);
void look_at_line(Findings& out, const DoctorPlace& place);

/// Whether kiosk.json says that the terminal's key for cards is at the site's eID service.
[[nodiscard]] bool signer_is_remote(const DoctorPlace& place);
/// The largest time this terminal has believed: enrolment and syncd's spool. 0 = none.
[[nodiscard]] std::uint64_t known_floor_ms(const DoctorPlace& place);
base::Result<downstream::TerminalFile> read_terminal_file(const DoctorPlace& place);

}  // namespace ctl
