// SPDX-License-Identifier: EUPL-1.2
// `freigabectl journal verify FILE`: is this journal whole? `theft-report FILE`: what was on a
// device that is gone? `checkpoint FILE`: which log of the backend did it see? All three read a
// private copy, change nothing, open no record. `restart`: lets a terminal whose journal is lost or
// broken begin anew; what is left of it is put aside.
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "drivers/base/encoding.hpp"
#include "drivers/crypto/key_file.hpp"
#include "kiosk/ctl/commands.hpp"
#include "kiosk/ctl/files.hpp"
#include "kiosk/ctl/options.hpp"
#include "sync/journal/made_mark.hpp"
#include "sync/journal/theft_report.hpp"
#include "sync/journal/verify.hpp"
#include "sync/model/json.hpp"
#include "sync/model/times.hpp"
#include "sync/seal/jwk.hpp"

namespace ctl {
namespace {

int usage() {
    std::fputs(
        "usage: freigabectl journal verify FILE [--key FILE] [--json]\n"
        "       freigabectl journal theft-report FILE [--json]\n"
        "       freigabectl journal restart --state DIR\n"
        "       freigabectl journal checkpoint FILE [--given-up]   the log's checkpoint that this\n"
        "               terminal verified, for an auditor to compare (freigabectl log verify\n"
        "               --compare); --given-up: those of the logs before a restored backup\n"
        "  --key FILE   public journal key (SubjectPublicKeyInfo DER or JWK) that must have "
        "signed;\n"
        "               without it the key that the journal names itself\n"
        "  theft-report   how many records the device held, from when to when, and no content;\n"
        "               FILE is the journal of the device, or the newest backup of it\n"
        "  restart      only for a journal that is gone or broken: puts aside what is left, and\n"
        "               the next start of the kiosk begins a new one. What the backend has is not\n"
        "               touched; the terminal goes on in a new epoch behind it\n"
        "exit code 0: whole, 1: broken or not readable, 2: wrong arguments\n",
        stderr);
    return exit_usage;
}

base::Result<crypto::Point> read_public_key(std::string_view path) {
    TRY(content, read_file(path));
    if (!content.empty() && content.front() == '{') {
        TRY(jwk, seal::parse_public_jwk(base::as_text(content)));
        return std::move(jwk.point);
    }
    return crypto::parse_public_key(content);
}

void print_json(const journal::Report& report) {
    std::vector<std::string> epochs;
    for (const journal::EpochReport& each : report.epochs) {
        epochs.push_back(model::JsonWriter()
                             .number("epoch", each.epoch)
                             .number("rows", each.rows)
                             .text("head", base::to_hex(each.head))
                             .done());
    }
    model::JsonWriter out;
    out.boolean("ok", !report.broken.has_value())
        .text("terminal", base::to_text(report.terminal))
        .number("rows", report.rows)
        .number("views", report.views)
        .number("receipts", report.receipts)
        .number("compacted", report.compacted)
        .raw("epochs", model::json_array(epochs));
    if (report.broken) {
        out.raw("broken", model::JsonWriter()
                              .number("epoch", report.broken->epoch)
                              .number("seq", report.broken->seq)
                              .text("what", report.broken->what)
                              .done());
    }
    std::printf("%s\n", out.done().c_str());
}

void print_text(const journal::Report& report) {
    std::printf("terminal  %s\n", base::to_text(report.terminal).c_str());
    for (const journal::EpochReport& each : report.epochs) {
        std::printf("epoch %-4u %llu rows, head %s\n", each.epoch,
                    static_cast<unsigned long long>(each.rows), base::to_hex(each.head).c_str());
    }
    std::printf("rows      %llu, of these %llu with a verified receipt\n",
                static_cast<unsigned long long>(report.rows),
                static_cast<unsigned long long>(report.receipts));
    std::printf("compacted %llu: sealed bytes gone, since the backend has them for certain\n",
                static_cast<unsigned long long>(report.compacted));
    if (report.broken) {
        std::printf("BROKEN    epoch %u seq %llu: %s\n", report.broken->epoch,
                    static_cast<unsigned long long>(report.broken->seq), report.broken->what);
    } else {
        std::printf("whole     every row, hash and signature fits\n");
    }
}

int verify(const Options& options, std::string_view path) {
    std::optional<crypto::Point> key;
    if (const auto key_path = options.value("--key")) {
        auto read = read_public_key(*key_path);
        if (!read) {
            print_error(read.error());
            return exit_failed;
        }
        key = std::move(*read);
    }
    const auto report = journal::verify_file(std::string(path), key);
    if (!report) {
        print_error(report.error());
        return exit_failed;
    }
    options.has("--json") ? print_json(*report) : print_text(*report);
    return report->broken ? exit_failed : exit_ok;
}

/// "2026-11-26" of Unix milliseconds, or a dash.
std::string date_of(std::uint64_t ms) {
    return ms == 0 ? "-" : model::to_text(model::day_of(ms));
}

void print_line(const char* name, std::uint64_t count, const char* what) {
    std::printf("%-9s %llu %s\n", name, static_cast<unsigned long long>(count), what);
}

void print_text(const journal::TheftReport& report) {
    std::printf("terminal  %s\n", base::to_text(report.terminal).c_str());
    std::printf("span      %s to %s\n", date_of(report.from_ms).c_str(),
                date_of(report.to_ms).c_str());
    print_line("records", report.records, "places in the chain: time and hash, no content");
    print_line("sealed", report.sealed, "of these with sealed content; only the backend opens it");
    print_line("unsent", report.unsent, "of these never reached the backend");
    print_line("copies", report.copies, "citizens' own copies; each opens only with their card");
    print_line("people", report.people, "whose copies these are, by an index that names nobody");
    print_line("events", report.events, "what authorities did, by number");
}

void print_json(const journal::TheftReport& report) {
    std::printf("%s\n", model::JsonWriter()
                            .text("terminal", base::to_text(report.terminal))
                            .text("from", date_of(report.from_ms))
                            .text("to", date_of(report.to_ms))
                            .number("records", report.records)
                            .number("sealed", report.sealed)
                            .number("unsent", report.unsent)
                            .number("copies", report.copies)
                            .number("people", report.people)
                            .number("events", report.events)
                            .done()
                            .c_str());
}

int theft_report(const Options& options, std::string_view path) {
    const auto report = journal::theft_report(std::string(path));
    if (!report) {
        print_error(report.error());
        return exit_failed;
    }
    options.has("--json") ? print_json(*report) : print_text(*report);
    return exit_ok;
}

/// A name beside it that nothing has yet; empty if there are too many.
std::filesystem::path free_name(const std::filesystem::path& file) {
    std::error_code error;
    for (int i = 1; i < 1'000; ++i) {
        std::filesystem::path name = file.string() + ".lost-" + std::to_string(i);
        if (!std::filesystem::exists(name, error) && !error) return name;
    }
    return {};
}

base::Result<void> put_aside(const std::filesystem::path& file) {
    std::error_code error;
    if (!std::filesystem::exists(file, error)) return {};
    const auto aside = free_name(file);
    if (!aside.empty()) std::filesystem::rename(file, aside, error);
    if (error || aside.empty())
        return base::fail(base::Errc::file_io, "put aside", static_cast<unsigned>(error.value()));
    std::printf("put aside %s\n", aside.c_str());
    return {};
}

base::Result<void> restart(const std::filesystem::path& state) {
    const auto file = state / "journal.db";
    const auto report = journal::verify_file(file, std::nullopt);
    if (report && !report->broken)
        return base::fail(base::Errc::config_bad, "this journal is whole: nothing to restart");
    if (!report && report.error().code == base::Errc::journal_locked)
        return tl::unexpected(report.error());
    TRY_VOID(put_aside(file));
    TRY_VOID(put_aside(file.string() + "-wal"));
    std::error_code error;
    std::filesystem::remove(journal::made_mark_of(file), error);
    if (error) return base::fail(base::Errc::file_io, "mark", static_cast<unsigned>(error.value()));
    std::printf("The next start of the kiosk begins a new journal.\n");
    return {};
}

int restart(const Options& options) {
    const auto state = options.value("--state");
    if (!state) return usage();
    if (const auto done = restart(std::filesystem::path(*state)); !done) {
        print_error(done.error());
        return exit_failed;
    }
    return exit_ok;
}

int given_up(std::string_view path) {
    const auto notes = journal::given_up_checkpoints(std::string(path));
    if (!notes) {
        print_error(notes.error());
        return exit_failed;
    }
    for (const std::string& note : *notes) std::printf("%s\n", note.c_str());
    return exit_ok;
}

int checkpoint(std::string_view path) {
    const auto note = journal::held_checkpoint(std::string(path));
    if (!note) {
        print_error(note.error());
        return exit_failed;
    }
    std::fputs(note->c_str(), stdout);
    return exit_ok;
}

}  // namespace

int journal(Arguments arguments) {
    const auto options = Options::parse(arguments, {{"--json", Takes::nothing},
                                                    {"--help", Takes::nothing},
                                                    {"--given-up", Takes::nothing},
                                                    {"--key", Takes::value},
                                                    {"--state", Takes::value}});
    if (!options || options->has("--help")) return usage();
    const auto& words = options->words();
    if (words.size() == 1 && words[0] == "restart") return restart(*options);
    if (words.size() != 2) return usage();
    if (words[0] == "theft-report") return theft_report(*options, words[1]);
    if (words[0] == "checkpoint")
        return options->has("--given-up") ? given_up(words[1]) : checkpoint(words[1]);
    if (words[0] != "verify") return usage();
    return verify(*options, words[1]);
}

}  // namespace ctl
