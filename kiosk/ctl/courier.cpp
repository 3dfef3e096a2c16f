// SPDX-License-Identifier: EUPL-1.2
// `freigabectl courier`: sticks. Looks at one without showing content, lets two people agree to an
// export, and takes a stick in at a backend that needs no network for it (courier_ingest.cpp).
#include <array>
#include <cstdio>
#include <optional>
#include <string>

#include "drivers/base/limits_courier.hpp"
#include "drivers/crypto/random.hpp"
#include "drivers/os/system_clock.hpp"
#include "drivers/usb/folder_store.hpp"
#include "kiosk/ctl/commands.hpp"
#include "kiosk/ctl/courier_ingest.hpp"
#include "kiosk/ctl/files.hpp"
#include "kiosk/ctl/options.hpp"
#include "kiosk/ctl/pki_files.hpp"
#include "sync/courier/approval.hpp"
#include "sync/courier/overview.hpp"
#include "sync/model/json.hpp"
#include "sync/seal/jwk.hpp"

namespace ctl {
namespace {

using courier::Direction;

int usage() {
    std::fputs(
        "usage: freigabectl courier check DIR [--json]\n"
        "         what is on the stick that is mounted at DIR; shows no content\n"
        "       freigabectl courier ingest DIR --store STORE --receipt-key FILE\n"
        "                           [--checkpoint-key FILE] [--issuer TEXT] [--json]\n"
        "         takes the stick in at this backend and puts the answers onto it; needs no "
        "network,\n"
        "         and freigabe-backend may run meanwhile or not; STORE as there\n"
        "       freigabectl courier approver --person NAME --role technician|staff --key FILE\n"
        "         prints an entry for the terminal's list of who may agree to an export\n"
        "       freigabectl courier approve --terminal UUID --role ROLE --key FILE OUT\n"
        "       freigabectl courier approve --role ROLE --key FILE IN OUT\n"
        "         two people agree to one export within an hour: the first asks, the second adds\n"
        "         theirs; syncd takes the result as export.jws in its requests folder\n"
        "exit code 0: whole, 1: something was refused or damaged, 2: wrong arguments\n",
        stderr);
    return exit_usage;
}

const char* word_of(Direction direction) {
    return direction == Direction::out ? "out" : "in";
}

std::string error_json(const base::Error& error) {
    return model::JsonWriter()
        .number("errc", static_cast<std::uint64_t>(error.code))
        .text("why", error.where)
        .done();
}

std::string view_json(const courier::FolderView& view) {
    model::JsonWriter out;
    out.text("direction", word_of(view.folder.direction))
        .text("terminal", base::to_text(view.folder.terminal));
    if (view.error) return out.raw("error", error_json(*view.error)).done();
    out.number("files", view.files).number("bytes", view.bytes).number("unlisted", view.unlisted);
    if (view.out) {
        out.number("epoch", view.out->epoch)
            .number("from", view.out->from)
            .number("to", view.out->to)
            .number("events_after", view.out->events_after)
            .number("log_size", view.out->log_size);
    }
    std::vector<std::string> problems;
    for (const courier::FileProblem& each : view.problems) {
        problems.push_back(model::JsonWriter()
                               .text("name", courier::to_text(each.name))
                               .raw("error", error_json(each.error))
                               .done());
    }
    return out.raw("problems", model::json_array(problems))
        .number("refused", view.refused.size())
        .done();
}

void print_view(const courier::FolderView& view) {
    std::printf("%-3s  %s  ", word_of(view.folder.direction),
                base::to_text(view.folder.terminal).c_str());
    if (view.error) {
        std::printf("unusable: %s\n", view.error->where);
        return;
    }
    std::printf("%zu files, %llu bytes", view.files, static_cast<unsigned long long>(view.bytes));
    if (view.out && view.out->epoch > 0) {
        std::printf(", epoch %u records %llu to %llu", view.out->epoch,
                    static_cast<unsigned long long>(view.out->from),
                    static_cast<unsigned long long>(view.out->to));
    }
    if (view.unlisted > 0) std::printf(", %zu unlisted", view.unlisted);
    std::printf("\n");
    for (const courier::FileProblem& each : view.problems)
        std::printf("       %s: %s\n", courier::to_text(each.name).c_str(), each.error.where);
    for (const courier::Refusal& each : view.refused) {
        std::printf("       %s: the backend answered %u %s\n", courier::to_text(each.name).c_str(),
                    each.status, each.type.c_str());
    }
}

int check(const Options& options) {
    if (options.words().size() != 2) return usage();
    auto stick = usb::FolderStore::open(std::string(options.words()[1]), usb::Mount::any);
    const auto overview = stick ? courier::look_at(*stick)
                                : base::Result<courier::Overview>(tl::unexpected(stick.error()));
    if (!overview) {
        print_error(overview.error());
        return exit_failed;
    }
    bool whole = true;
    std::vector<std::string> views;
    for (const courier::FolderView& view : overview->folders) {
        whole = whole && !view.error && view.problems.empty();
        views.push_back(view_json(view));
        if (!options.has("--json")) print_view(view);
    }
    if (options.has("--json")) {
        std::printf("%s\n", model::JsonWriter()
                                .raw("folders", model::json_array(views))
                                .number("foreign", overview->foreign)
                                .boolean("downstream", overview->downstream)
                                .done()
                                .c_str());
    } else {
        if (overview->foreign > 0) std::printf("%zu foreign names\n", overview->foreign);
        if (overview->downstream) std::printf("signed files for every terminal\n");
        if (overview->folders.empty()) std::printf("nothing of ours\n");
    }
    return whole ? exit_ok : exit_failed;
}

std::optional<std::string_view> role_of(const Options& options) {
    const auto role = options.value("--role");
    if (role && (*role == courier::role_technician || *role == courier::role_staff)) return role;
    return std::nullopt;
}

base::Result<void> print_approver(const Options& options, std::string_view role) {
    TRY(key, read_key(std::string(*options.value("--key"))));
    std::printf("%s\n", model::JsonWriter()
                            .text("person", *options.value("--person"))
                            .text("role", role)
                            .raw("key", seal::write_public_jwk({"", key.point}))
                            .done()
                            .c_str());
    return {};
}

int approver(const Options& options) {
    const auto role = role_of(options);
    if (!role || !options.has("--key") || !options.has("--person")) return usage();
    if (const auto done = print_approver(options, *role); !done) {
        print_error(done.error());
        return exit_failed;
    }
    return exit_ok;
}

/// The request as it is shown to whoever signs: which terminal, until when.
void say_what_is_signed(const courier::ExportRequest& request) {
    std::printf("export of everything unsent at terminal %s, request %s\n",
                base::to_text(request.terminal).c_str(), base::to_text(request.id).c_str());
}

base::Result<void> sign_approval(const Options& options, std::string_view role) {
    TRY(key, read_key(std::string(*options.value("--key"))));
    crypto::SystemRandom random;
    seal::PairSigner signer(key, random);
    const seal::GeneralSigner one{{{}, seal::thumbprint(key.point), std::string(role), {}},
                                  &signer};
    const auto& words = options.words();
    if (words.size() == 3) {
        TRY(input, read_file(words[1], limits::courier_request_bytes_max));
        TRY(request, courier::read_request(base::as_text(input)));
        TRY(text, courier::add_approval(base::as_text(input), one));
        say_what_is_signed(request);
        return write_file(words[2], base::as_bytes(text));
    }
    const auto terminal = base::parse_uuid(*options.value("--terminal"));
    if (!terminal) return base::fail(base::Errc::config_bad, "courier terminal");
    std::array<std::uint8_t, 10> bytes{};
    random.fill(bytes);
    const std::uint64_t now_ms = os::SystemClock().wall_ms();
    // A minute less than it may live, for a terminal whose clock is behind.
    const courier::ExportRequest request{*terminal, base::make_uuid7(now_ms, bytes),
                                         now_ms + limits::courier_request_ms_max - 60'000};
    TRY(text, courier::sign_request(request, one));
    say_what_is_signed(request);
    return write_file(words[1], base::as_bytes(text));
}

int approve(const Options& options) {
    const auto role = role_of(options);
    const std::size_t words = options.words().size();
    if (!role || !options.has("--key") || (words != 2 && words != 3)) return usage();
    if (options.has("--terminal") != (words == 2)) return usage();
    if (const auto done = sign_approval(options, *role); !done) {
        print_error(done.error());
        return exit_failed;
    }
    return exit_ok;
}

}  // namespace

int courier(Arguments arguments) {
    const auto options = Options::parse(arguments, {{"--json", Takes::nothing},
                                                    {"--help", Takes::nothing},
                                                    {"--store", Takes::value},
                                                    {"--receipt-key", Takes::value},
                                                    {"--checkpoint-key", Takes::value},
                                                    {"--issuer", Takes::value},
                                                    {"--terminal", Takes::value},
                                                    {"--person", Takes::value},
                                                    {"--role", Takes::value},
                                                    {"--key", Takes::value}});
    if (!options || options->has("--help") || options->words().empty()) return usage();
    const std::string_view what = options->words().front();
    if (what == "check") return check(*options);
    if (what == "approver") return approver(*options);
    if (what == "approve") return approve(*options);
    const bool named = options->has("--store") && options->has("--receipt-key");
    if (what != "ingest" || options->words().size() != 2 || !named) return usage();
    return courier_ingest(*options);
}

}  // namespace ctl
