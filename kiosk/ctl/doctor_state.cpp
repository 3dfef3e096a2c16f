// SPDX-License-Identifier: EUPL-1.2
// Doctor's look at a terminal's folder: who may read it, journal, catalogue, time, and the
// certificates with their days.
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <iterator>
#include <optional>
#include <utility>

#include "drivers/base/limits_downstream.hpp"
#include "drivers/eid/cv_certificate.hpp"
#include "drivers/eid/signer_certificate.hpp"
#include "drivers/os/system_clock.hpp"
#include "kiosk/ctl/doctor.hpp"
#include "kiosk/ctl/files.hpp"
#include "sync/downstream/catalogue_file.hpp"
#include "sync/downstream/manifest.hpp"
#include "sync/downstream/trust.hpp"
#include "sync/http/grammar.hpp"
#include "sync/journal/made_mark.hpp"
#include "sync/journal/untold.hpp"
#include "sync/journal/verify.hpp"
#include "sync/model/json.hpp"

namespace ctl {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t day_ms = 86'400'000;
constexpr std::size_t catalogue_bytes_max = 4U << 20U;
// Terminal certificates of the real PKI live two days; ours for TLS a year.
constexpr std::uint64_t terminal_warn_days = 1;
constexpr std::uint64_t warn_days = 30;

std::optional<unsigned> mode_of(const fs::path& path) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) return std::nullopt;
    return info.st_mode & 0777U;
}

void look_at_modes(Findings& out, const fs::path& state) {
    const auto folder = mode_of(state);
    if (!folder) {
        out.bad("state", "state folder " + state.string() + ": not there",
                "freigabectl enrol makes it; or give the right --state");
        return;
    }
    if ((*folder & 0077U) != 0) {
        out.bad("state", "state folder: others may enter it", "chmod 700 " + state.string());
    } else {
        out.ok("state", "state folder: its owner only");
    }
    for (const char* name : {"journal.db", "journal.db-wal"}) {
        const auto mode = mode_of(state / name);
        if (mode && (*mode & 0007U) != 0 && (*folder & 0077U) != 0) {
            out.bad("state", std::string(name) + ": everybody may read it",
                    "chmod 600 " + (state / name).string());
        }
    }
}

struct AlarmAdvice {
    journal::AlarmKind kind;
    const char* what;
    const char* remedy;
};
constexpr AlarmAdvice alarm_advice[] = {
    {journal::AlarmKind::log_conflict, "the backend signed two logs that cannot both be true",
     "tell the backend's operator (alert FreigabeLogConflict) and keep the journal: it holds both"},
    {journal::AlarmKind::backend_set_back, "the backend asked for records that it had acknowledged",
     "it came out of a backup: its operator follows Restore in sync/backend/operations.md"},
    {journal::AlarmKind::content_lost, "the backend asked for records that nobody has any more",
     "tell the data protection officer: declarations are lost, and their hashes are the proof"},
    {journal::AlarmKind::foreign_records, "another machine has recorded under this identity",
     "find the copy of this disk and erase it; is there none: this disk came out of a backup"},
    {journal::AlarmKind::identity_cloned, "another machine records under this identity",
     "no grants until it is settled: stop the copy, then freigabectl rotate-key on this terminal"},
    {journal::AlarmKind::disk_failed, "writing to the disk failed",
     "replace the disk: stop the kiosk, copy the state folder to a new one, then start again"},
    {journal::AlarmKind::record_untold,
     "a declaration of which nobody knew whether it was recorded, was recorded",
     "tell the person if they come back: it counts, \"My releases\" shows it; replace the disk"},
    {journal::AlarmKind::record_failed,
     "a declaration of which nobody knew whether it was recorded, was not recorded",
     "tell the person if they come back: it does not count, they may give it anew; replace the "
     "disk"},
};

void look_at_alarms(Findings& out, const std::vector<journal::Alarm>& alarms) {
    for (const journal::Alarm& alarm : alarms) {
        const auto* advice = std::ranges::find(alarm_advice, alarm.kind, &AlarmAdvice::kind);
        const bool known = advice != std::end(alarm_advice);
        const std::string what = "alarm " + std::string(journal::word(alarm.kind)) + ": " +
                                 (known ? advice->what : "of a newer program") + ", " +
                                 std::to_string(alarm.count) + " times, last on " +
                                 day_text(alarm.last_ms);
        const char* remedy = known ? advice->remedy : "use that program's freigabectl";
        // Only this one stops the terminal's work; the others are for people to settle.
        if (alarm.kind == journal::AlarmKind::identity_cloned) {
            out.bad("alarm", what, remedy);
        } else {
            out.warn("alarm", what, remedy);
        }
    }
}

/// What the kiosk could not tell, and cannot yet: it looks itself when it opens the journal.
void look_at_untold(Findings& out, const fs::path& journal) {
    const auto note = journal::read_untold(journal::untold_note_of(journal));
    if (note && *note) {
        out.warn("untold",
                 "journal: a declaration of " + day_text((*note)->wall_ms) +
                     ", and nobody knows whether it is recorded: the disk failed, and the journal "
                     "could not be opened again",
                 "start the kiosk, if need be with the state folder on a new disk: it finds out, "
                 "and the answer stands here as record_untold or record_failed");
    } else if (!note && note.error().code != base::Errc::record_bad) {
        out.warn("untold", "journal: " + text_of(note.error()),
                 "let the kiosk's user read " + journal::untold_note_of(journal).string());
    }
    const fs::path aside = journal::bad_untold_note_of(journal);
    std::error_code error;
    const bool damaged = !note && note.error().code == base::Errc::record_bad;
    if (!damaged && !fs::exists(fs::symlink_status(aside, error))) return;
    const fs::path bad = damaged ? journal::untold_note_of(journal) : aside;
    out.warn("untold",
             "journal: nobody knows whether one declaration is recorded: the note of it is "
             "damaged, " +
                 bad.string(),
             "who comes back sees in \"My releases\" what is recorded; then delete that note");
}

void look_at_journal(Findings& out, const fs::path& state) {
    const fs::path path = state / "journal.db";
    look_at_untold(out, path);
    if (const auto there = journal::require_still_there(path); !there) {
        out.bad("journal", "journal: there was one, and it is gone or empty",
                "put journal.db back from a backup; is there none: freigabectl journal restart "
                "--state " +
                    state.string());
        return;
    }
    if (!fs::exists(path)) {
        out.ok("journal", "journal: not begun; the kiosk makes it at its first start");
        return;
    }
    const auto report = journal::verify_file(path, {});
    if (!report && report.error().code == base::Errc::journal_locked) {
        out.ok("journal",
               "journal: open in the kiosk, which verified it at its start; its alarms are in the "
               "kiosk's log (alarm_raised), and here while the kiosk is stopped");
    } else if (!report) {
        out.bad("journal", "journal: " + text_of(report.error()),
                "keep the file, do not repair it: freigabectl journal verify " + path.string());
    } else if (report->broken) {
        out.bad("journal",
                std::string("journal: broken at ") + report->broken->what + ", epoch " +
                    std::to_string(report->broken->epoch) + " row " +
                    std::to_string(report->broken->seq),
                "take the terminal out of service and keep the file: it is evidence");
    } else {
        out.ok("journal", "journal: whole, " + std::to_string(report->rows) + " rows, " +
                              std::to_string(report->rows - report->receipts) + " unsent");
        look_at_alarms(out, report->alarms);
    }
}

base::Result<downstream::VerifiedCatalogue> verified_catalogue(const DoctorPlace& place,
                                                               std::uint64_t now_ms) {
    TRY(trust_text, read_file((place.state / "trust.json").string()));
    TRY(trust, downstream::parse_trust(base::as_text(trust_text)));
    TRY(file, read_file((place.state / "catalogue.jws").string(), catalogue_bytes_max));
    return downstream::verify_catalogue(base::as_text(file), trust.catalogue, {}, now_ms);
}

void look_at_catalogue(Findings& out, const DoctorPlace& place, std::uint64_t now_ms) {
    const auto catalogue = verified_catalogue(place, now_ms);
    if (!catalogue) {
        out.bad("catalogue", "catalogue: " + text_of(catalogue.error()),
                "bring a catalogue signed by publisher and approver: catalogue.jws");
        return;
    }
    judge_validity(out, "catalogue", "catalogue " + downstream::to_text(catalogue->version),
                   {catalogue->valid_from_ms, catalogue->valid_until_ms, warn_days}, now_ms);
}

/// What came down last, as the kiosk copied it for us. Not believed, only shown.
void look_at_downstream(Findings& out, const DoctorPlace& place, std::uint64_t now_ms) {
    if (!fs::exists(place.state / "root.jws")) return;
    const auto read = [&]() -> base::Result<downstream::Manifest> {
        TRY(file, read_file((place.state / "downstream" / "active.jws").string()));
        TRY(payload, downstream::payload_of(file, limits::manifest_file_bytes_max));
        return downstream::parse_manifest(payload);
    };
    const auto manifest = read();
    if (!manifest) {
        out.ok("downstream", "downstream: nothing has come down yet");
        return;
    }
    constexpr std::uint64_t warn_manifest_days = 7;
    judge_validity(out, "downstream", "manifest " + std::to_string(manifest->version),
                   {manifest->issued_ms, manifest->expires_ms, warn_manifest_days}, now_ms);
}

void look_at_time(Findings& out, const DoctorPlace& place) {
    const os::SystemClock clock;
    const std::uint64_t now_ms = clock.wall_ms();
    const std::uint64_t floor_ms = known_floor_ms(place);
    constexpr std::uint64_t contact_days_max = 3;
    const std::string what = "time floor " + day_text(floor_ms) + ", clock " + day_text(now_ms);
    if (floor_ms == 0) {
        out.bad("time", "time floor: none", "enrol this terminal");
    } else if (now_ms < floor_ms) {
        out.bad("time", what + ": the clock is behind", "set the clock: timedatectl set-ntp true");
    } else if (now_ms - floor_ms > contact_days_max * day_ms) {
        out.warn("time",
                 what + ": " + std::to_string((now_ms - floor_ms) / day_ms) +
                     " days without word from the backend",
                 "check the line; reading with PIN stops when certificates grow old");
    } else {
        out.ok("time", what);
    }
}

std::uint64_t ms_of(const eid::Date& date) {
    const auto days = std::chrono::sys_days{date}.time_since_epoch();
    return static_cast<std::uint64_t>(std::max(days, std::chrono::days{0}).count()) * day_ms;
}

void judge_days(Findings& out, const std::string& name, const eid::Date& from,
                const eid::Date& until, std::uint64_t warn, std::uint64_t now_ms) {
    judge_validity(out, "certificate", name, {ms_of(from), ms_of(until) + day_ms, warn}, now_ms);
}

void judge_x509(Findings& out, const std::string& name, const fs::path& path,
                std::uint64_t now_ms) {
    const auto read = [&]() -> base::Result<eid::SignerCertificate> {
        TRY(content, read_file(path.string()));
        TRY(der, der_of(content));
        return eid::parse_signer_certificate(der);
    };
    const auto certificate = read();
    if (!certificate) {
        out.bad("certificate", name + ": " + text_of(certificate.error()),
                "put it to " + path.string());
        return;
    }
    judge_days(out, name, certificate->not_before, certificate->not_after, warn_days, now_ms);
}

void judge_cv(Findings& out, const fs::path& path, std::uint64_t now_ms) {
    const std::string name = "card certificate " + path.filename().string();
    const auto read = [&]() -> base::Result<eid::CvCertificate> {
        TRY(content, read_file(path.string()));
        return eid::parse_cv_certificate(content);
    };
    const auto certificate = read();
    if (!certificate) {
        out.bad("certificate", name + ": " + text_of(certificate.error()),
                "put it to " + path.string());
        return;
    }
    const bool own = certificate->chat.role == eid::Role::terminal;
    judge_days(out, name + " (" + certificate->holder_reference + ")", certificate->effective,
               certificate->expiration, own ? terminal_warn_days : warn_days, now_ms);
}

/// Names in kiosk.json's "card": {"certificates":[path],"csca":[path]}.
std::vector<fs::path> card_files(const DoctorPlace& place, const char* kind) {
    const auto content = read_file(place.config.string());
    if (!content) return {};
    const auto json = model::parse_json(base::as_text(*content), content->size());
    if (!json || !json->is_object()) return {};
    model::JsonFields fields(*json);
    model::JsonFields card(fields.object("card"));
    std::vector<fs::path> out;
    for (const model::Json& each : card.array(kind, 32)) {
        if (const auto* name = each.get_ptr<const std::string*>()) {
            out.push_back(place.config.parent_path() / *name);
        }
    }
    return out;
}

}  // namespace

base::Result<downstream::TerminalFile> read_terminal_file(const DoctorPlace& place) {
    if (place.state.empty()) return base::fail(base::Errc::file_io, "no state folder", ENOENT);
    TRY(content, read_file((place.state / "terminal.json").string()));
    return downstream::parse_terminal_file(base::as_text(content));
}

std::uint64_t known_floor_ms(const DoctorPlace& place) {
    const auto terminal = read_terminal_file(place);
    const std::uint64_t enrolled = terminal ? terminal->time_floor_ms : 0;
    const auto spool = read_file((place.state / "spool" / "time_floor").string(), 32);
    const auto believed =
        spool ? http::parse_decimal(base::as_text(*spool)) : std::optional<std::uint64_t>{};
    return std::max(enrolled, believed.value_or(0));
}

void look_at_state(Findings& out, const DoctorPlace& place) {
    look_at_modes(out, place.state);
    const auto terminal = read_terminal_file(place);
    if (!terminal) {
        out.bad("terminal", "terminal.json: " + text_of(terminal.error()), "freigabectl enrol");
    } else {
        const char* modes[] = {"live", "training", "demo"};
        out.ok("terminal", "terminal " + base::to_text(terminal->terminal) + " at " +
                               terminal->site + ", " +
                               modes[static_cast<std::size_t>(terminal->mode)]);
    }
    look_at_keys(out, place);
    look_at_signer(out, place);
    look_at_journal(out, place.state);
    const os::SystemClock clock;
    const std::uint64_t now_ms = std::max(clock.wall_ms(), known_floor_ms(place));
    look_at_catalogue(out, place, now_ms);
    look_at_downstream(out, place, now_ms);
    look_at_time(out, place);
}

void look_at_certificates(Findings& out, const DoctorPlace& place, std::uint64_t now_ms) {
    judge_x509(out, "TLS certificate", place.state / "tls.crt", now_ms);
    judge_x509(out, "TLS authority", place.state / "tls-ca.crt", now_ms);
    const auto certificates = card_files(place, "certificates");
    const auto today = std::chrono::floor<std::chrono::days>(
        std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(now_ms)));
    look_at_block_list(out, place, eid::Date{today});
    if (certificates.empty() && !signer_is_remote(place)) {
        out.bad("certificate", "card certificates: none named in " + place.config.string(),
                "write kiosk.json, or give --config FILE");
    }
    for (const fs::path& path : certificates) judge_cv(out, path, now_ms);
    for (const fs::path& path : card_files(place, "csca")) {
        judge_x509(out, "card issuer " + path.filename().string(), path, now_ms);
    }
}

}  // namespace ctl
