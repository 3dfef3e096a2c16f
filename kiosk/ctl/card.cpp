// SPDX-License-Identifier: EUPL-1.2
// `freigabectl card`: read a card, ask for its PIN state, change, resume or unblock its PIN. Works
// with any certificate chain and key in their usual encodings. Secrets come from standard input,
// one per line, never as arguments.
#include <charconv>
#include <chrono>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>
#include <utility>

#include "drivers/crypto/random.hpp"
#include "drivers/eid/authenticate.hpp"
#include "drivers/eid/pin_management.hpp"
#include "drivers/keys/local_authenticator.hpp"
#include "drivers/os/system_clock.hpp"
#include "drivers/pcsc/connection.hpp"
#include "kiosk/ctl/card_json.hpp"
#include "kiosk/ctl/card_request.hpp"
#include "kiosk/ctl/commands.hpp"
#include "kiosk/ctl/files.hpp"
#include "kiosk/ctl/options.hpp"

namespace ctl {
namespace {

constexpr const char* help_text =
    "usage: freigabectl card <what> [--reader NAME] [--wait SECONDS] [--json] ...      secrets: "
    "standard input, one "
    "per line\n"
    "  read        --pin-stdin | --can-stdin   PIN; or CAN (on-site reading); both: PIN, then CAN "
    "(suspended)\n"
    "              --at-cert FILE...           terminal, DV and link certificates (CV certificate, "
    "binary)\n"
    "              --at-key FILE               key of the terminal certificate (PKCS#8 DER or "
    "PEM)\n"
    "              [--cvca-dir DIR]            more certificates of authorities\n"
    "              [--sector FILE]             sector public key (7F49): prints the pseudonym\n"
    "              [--block-list-id]           also the identifier that block lists hold\n"
    "              [--dg 1,4,5,8]              data groups\n"
    "              [--aux age=18,validity,community=HEX]\n"
    "              [--csca FILE...]            trusted CSCA certificates (X.509 DER)\n"
    "              [--today YYYYMMDD]          the time floor; default: today by the clock\n"
    "  pin-status                              costs no try\n"
    "  change-pin  [--can-stdin]               old PIN (five digits: transport PIN), new PIN [, "
    "CAN]\n"
    "  resume                                  CAN, PIN\n"
    "  unblock     [--new-pin-stdin]           PUK [, new PIN]; refused while tries remain\n"
    "exit status: 0 done, 1 failed (errc and status word are printed), 2 wrong use\n";

/// Counts and tells the steps while a read runs.
class Progress final : public eid::AuthenticateObserver {
  public:
    explicit Progress(bool quiet) : quiet_(quiet) {}
    void before_try(eid::PinState) override {}  // the technician sees the counter in the result
    void on_step(eid::Step step) override {
        if (!quiet_) std::fprintf(stderr, "%s ...\n", name_of(step));
    }
    void on_apdu_count(unsigned count) override { count_ = count; }
    [[nodiscard]] unsigned count() const { return count_; }

  private:
    bool quiet_;
    unsigned count_ = 0;
};

int finish(const base::Result<nlohmann::ordered_json>& result, const Options& options,
           unsigned apdus = 0) {
    const bool as_json = options.has("--json");
    if (result) {
        print(*result, as_json);
        return exit_ok;
    }
    print(to_json(result.error(), apdus), as_json);
    return result.error().code == base::Errc::config_bad ? exit_usage : exit_failed;
}

base::Result<eid::Date> read_today(const Options& options) {
    if (const auto text = options.value("--today")) {
        const auto date = eid::parse_date(base::as_bytes(*text));
        if (!date) return base::fail(base::Errc::config_bad, "--today");
        return *date;
    }
    const os::SystemClock clock;
    const std::chrono::sys_time<std::chrono::milliseconds> now{
        std::chrono::milliseconds(clock.wall_ms())};
    return eid::Date{std::chrono::floor<std::chrono::days>(now)};
}

/// Opens the reader; with --wait until a card lies there, at most so many seconds.
base::Result<std::unique_ptr<pcsc::Connection>> open_card(const Options& options) {
    constexpr unsigned looks_a_second = 10;
    unsigned looks = 1;
    if (const auto text = options.value("--wait")) {
        unsigned seconds = 0;
        const auto [end, error] =
            std::from_chars(text->data(), text->data() + text->size(), seconds);
        if (error != std::errc{} || end != text->data() + text->size() || seconds > 3'600) {
            return base::fail(base::Errc::config_bad, "--wait");
        }
        looks += seconds * looks_a_second;
    }
    TRY(reader, find_reader(options));
    for (;;) {
        auto connection = pcsc::Connection::open(reader);
        const bool again =
            !connection && connection.error().code == base::Errc::card_removed && --looks > 0;
        if (!again) return connection;
        std::this_thread::sleep_for(std::chrono::milliseconds(1'000 / looks_a_second));
    }
}

base::Result<nlohmann::ordered_json> read_card(const Options& options, Progress& progress) {
    crypto::SystemRandom random;
    os::SystemClock clock;
    TRY(today, read_today(options));
    TRY(certificates, read_certificates(options));
    TRY(key, read_terminal_key(options));
    keys::MemoryKeyStore store(std::move(key), random);
    TRY(authenticator, keys::LocalAuthenticator::create(certificates, store, "terminal"));
    TRY(request, read_request(options, today));
    TRY(credentials, read_credentials(options, random));
    request.credentials = std::move(credentials);
    TRY(connection, open_card(options));
    TRY(result, eid::authenticate(std::move(request),
                                  {*connection, authenticator, clock, random, &progress}));
    return to_json(result);
}

/// The contact of a PIN command: opens the reader and hands over what the call needs.
template <class Action>
base::Result<nlohmann::ordered_json> with_card(const Options& options, Action action) {
    crypto::SystemRandom random;
    TRY(connection, open_card(options));
    return action(eid::PinCarePorts{*connection, random});
}

nlohmann::ordered_json done() {
    return {{"ok", true}};
}

base::Result<nlohmann::ordered_json> pin_status(const Options& options) {
    return with_card(options,
                     [](const eid::PinCarePorts& ports) -> base::Result<nlohmann::ordered_json> {
                         TRY(state, eid::read_pin_state(ports));
                         return to_json(state);
                     });
}

base::Result<nlohmann::ordered_json> change_pin(const Options& options) {
    TRY(old_pin, read_secret<eid::Pin>());
    TRY(new_pin, read_secret<eid::Pin>());
    eid::PinChange change{std::move(old_pin), std::move(new_pin), {}, {}};
    if (options.has("--can-stdin")) {
        TRY(can, read_secret<eid::Can>());
        change.can = std::move(can);
    }
    return with_card(options,
                     [&](const eid::PinCarePorts& ports) -> base::Result<nlohmann::ordered_json> {
                         TRY_VOID(eid::change_pin(std::move(change), ports));
                         return done();
                     });
}

base::Result<nlohmann::ordered_json> resume(const Options& options) {
    TRY(can, read_secret<eid::Can>());
    TRY(pin, read_secret<eid::Pin>());
    return with_card(options,
                     [&](const eid::PinCarePorts& ports) -> base::Result<nlohmann::ordered_json> {
                         TRY_VOID(eid::resume_pin({std::move(can), std::move(pin), {}}, ports));
                         return done();
                     });
}

base::Result<nlohmann::ordered_json> unblock(const Options& options) {
    TRY(puk, read_secret<eid::Puk>());
    eid::PinUnblock request{std::move(puk), {}};
    if (options.has("--new-pin-stdin")) {
        TRY(new_pin, read_secret<eid::Pin>());
        request.new_pin = std::move(new_pin);
    }
    return with_card(options,
                     [&](const eid::PinCarePorts& ports) -> base::Result<nlohmann::ordered_json> {
                         TRY_VOID(eid::unblock_pin(std::move(request), ports));
                         return done();
                     });
}

int usage() {
    std::fputs(help_text, stderr);
    return exit_usage;
}

}  // namespace

int card(Arguments arguments) {
    const auto options = Options::parse(arguments, {{"--help"},
                                                    {"--json"},
                                                    {"--pin-stdin"},
                                                    {"--can-stdin"},
                                                    {"--new-pin-stdin"},
                                                    {"--block-list-id"},
                                                    {"--reader", Takes::value},
                                                    {"--at-cert", Takes::list},
                                                    {"--at-key", Takes::value},
                                                    {"--cvca-dir", Takes::value},
                                                    {"--sector", Takes::value},
                                                    {"--dg", Takes::value},
                                                    {"--aux", Takes::value},
                                                    {"--csca", Takes::list},
                                                    {"--today", Takes::value},
                                                    {"--wait", Takes::value}});
    if (!options) return usage();
    if (options->has("--help")) {
        std::fputs(help_text, stdout);
        return exit_ok;
    }
    if (options->words().size() != 1) return usage();
    const std::string_view what = options->words().front();
    if (what == "read") {
        Progress progress(options->has("--json"));
        const auto result = read_card(*options, progress);
        return finish(result, *options, progress.count());
    }
    if (what == "pin-status") return finish(pin_status(*options), *options);
    if (what == "change-pin") return finish(change_pin(*options), *options);
    if (what == "resume") return finish(resume(*options), *options);
    if (what == "unblock") return finish(unblock(*options), *options);
    return usage();
}

}  // namespace ctl
