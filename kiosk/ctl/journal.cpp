// SPDX-License-Identifier: EUPL-1.2
// `freigabectl journal verify FILE`: is this journal whole? Reads a private copy, changes nothing,
// opens no record.
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "drivers/base/encoding.hpp"
#include "drivers/crypto/key_file.hpp"
#include "kiosk/ctl/commands.hpp"
#include "kiosk/ctl/files.hpp"
#include "kiosk/ctl/options.hpp"
#include "sync/journal/verify.hpp"
#include "sync/model/json.hpp"
#include "sync/seal/jwk.hpp"

namespace ctl {
namespace {

int usage() {
    std::fputs(
        "usage: freigabectl journal verify FILE [--key FILE] [--json]\n"
        "  --key FILE   public journal key (SubjectPublicKeyInfo DER or JWK) that must have "
        "signed;\n"
        "               without it the key that the journal names itself\n"
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

}  // namespace

int journal(Arguments arguments) {
    const auto options = Options::parse(
        arguments,
        {{"--json", Takes::nothing}, {"--help", Takes::nothing}, {"--key", Takes::value}});
    if (!options || options->has("--help")) return usage();
    const auto& words = options->words();
    if (words.size() != 2 || words[0] != "verify") return usage();
    return verify(*options, words[1]);
}

}  // namespace ctl
