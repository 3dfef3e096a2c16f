// SPDX-License-Identifier: EUPL-1.2
// `freigabectl card`: read a card, ask for its PIN state, change, resume or unblock its PIN. Works
// with any certificate chain and key in their usual encodings. Secrets come from standard input,
// one per line, never as arguments.
#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>
#include <utility>

#include "drivers/crypto/random.hpp"
#include "drivers/eid/authenticate.hpp"
#include "drivers/eid/pin_management.hpp"
#include "drivers/eid/reader_pin.hpp"
#include "drivers/keys/local_authenticator.hpp"
#include "drivers/os/system_clock.hpp"
#include "drivers/pcsc/connection.hpp"
#include "kiosk/ctl/card_contact.hpp"
#include "kiosk/ctl/card_help.hpp"
#include "kiosk/ctl/card_json.hpp"
#include "kiosk/ctl/card_request.hpp"
#include "kiosk/ctl/commands.hpp"
#include "kiosk/ctl/options.hpp"

namespace ctl {
namespace {

using nlohmann::ordered_json;

/// One command line, its secrets still unread.
struct Call {
    const Options& options;
    Arguments arguments;
    Contact& contact;
};

base::Result<eid::Date> read_today(const Options& options) {
    if (const auto text = options.value("--today")) {
        const auto date = eid::parse_date(base::as_bytes(*text));
        if (!date) return base::fail(base::Errc::config_bad, "--today");
        return *date;
    }
    // The day here: certificates are made and dated by people of the same country.
    const auto now = static_cast<std::time_t>(os::SystemClock().wall_ms() / 1'000);
    std::tm local{};
    ::localtime_r(&now, &local);
    return eid::Date{std::chrono::year(local.tm_year + 1900),
                     std::chrono::month(static_cast<unsigned>(local.tm_mon + 1)),
                     std::chrono::day(static_cast<unsigned>(local.tm_mday))};
}

base::Result<unsigned> read_wait(const Options& options) {
    constexpr unsigned usual_s = 2;  // pcscd looks at its readers every 0.4 s
    constexpr unsigned most_s = 3'600;
    const auto text = options.value("--wait");
    if (!text) return usual_s;
    unsigned seconds = 0;
    const char* end = text->data() + text->size();
    const auto [stop, error] = std::from_chars(text->data(), end, seconds);
    if (error != std::errc{} || stop != end || seconds > most_s) {
        return base::fail(base::Errc::config_bad, "--wait");
    }
    return seconds;
}

/// Opens the reader, waiting for a card that is on its way in: not there yet, not powered yet, or
/// just looked at by somebody else.
base::Result<std::unique_ptr<pcsc::Connection>> open_card(const Options& options) {
    constexpr auto pause = std::chrono::milliseconds(100);
    TRY(seconds, read_wait(options));
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
    const std::chrono::milliseconds patience = std::max<std::chrono::milliseconds>(
        std::chrono::seconds(seconds), pcsc::Connection::patience_usual);
    for (;;) {
        // Asked again each time: the card may come into another reader than the first.
        TRY(reader, find_reader(options));
        auto connection = pcsc::Connection::open(reader, {}, patience);
        if (connection || std::chrono::steady_clock::now() >= end) return connection;
        const base::Errc code = connection.error().code;
        const bool passing = code == base::Errc::card_removed || code == base::Errc::card_mute ||
                             code == base::Errc::card_busy || code == base::Errc::card_reset;
        if (!passing) return connection;
        std::this_thread::sleep_for(pause);
    }
}

base::Result<ordered_json> read_card(const Call& call) {
    crypto::SystemRandom random;
    os::SystemClock clock;
    TRY(today, read_today(call.options));
    TRY(certificates, read_certificates(call.options));
    TRY(key, read_terminal_key(call.options));
    keys::MemoryKeyStore store(std::move(key), random);
    TRY(authenticator, keys::LocalAuthenticator::create(certificates, store, "terminal"));
    TRY(request, read_request(call.options, today, authenticator.terminal_certificate()));
    TRY(blocked, read_block_list(call.options, authenticator.terminal_certificate()));
    if (blocked) {
        request.block_list = eid::BlockListCheck{blocked->list.view(), blocked->sector_key};
    }
    const FirstLine first = first_line(call.arguments, FirstLine::pin);
    TRY(credentials, read_credentials(call.options, first, random));
    if (std::holds_alternative<eid::WithReaderPin>(credentials)) {
        call.contact.typed_at(Contact::Place::reader);
    }
    request.credentials = std::move(credentials);
    TRY(connection, open_card(call.options));
    CountingCard card = call.contact.count(*connection);
    TRY(result,
        eid::authenticate(std::move(request), {card, authenticator, clock, random, &call.contact}));
    ordered_json object = to_json(result);
    if (blocked) {
        object["verification"]["block_list"] = "not_listed";
        object["verification"]["block_list_days_old"] = blocked->list.view().days_old(today);
    }
    return object;
}

/// The contact of a PIN command: opens the reader and hands over what the action needs.
template <class Action>
base::Result<ordered_json> with_card(const Call& call, Action action) {
    crypto::SystemRandom random;
    TRY(connection, open_card(call.options));
    CountingCard card = call.contact.count(*connection);
    return action(eid::PinCarePorts{card, random});
}

base::Result<ordered_json> pin_status(const Call& call) {
    return with_card(call, [](const eid::PinCarePorts& ports) -> base::Result<ordered_json> {
        TRY(state, eid::read_pin_state(ports));
        return to_json(state);
    });
}

ordered_json done() {
    return {{"ok", true}};
}

base::Result<ordered_json> change_pin_at_reader(const Call& call) {
    crypto::SystemRandom random;
    TRY(connection, open_card(call.options));
    CountingCard card = call.contact.count(*connection);
    std::fputs("type at the reader what it asks for: the old PIN, then the new one twice ...\n",
               stderr);
    TRY_VOID(eid::change_pin_at_reader({card, random}));
    return done();
}

base::Result<ordered_json> change_pin(const Call& call) {
    if (call.options.has("--pin-pad")) return change_pin_at_reader(call);
    TRY(old_pin, read_secret<eid::Pin>());
    TRY(new_pin, read_secret<eid::Pin>());
    eid::PinChange change{std::move(old_pin), std::move(new_pin), {}, {}};
    if (call.options.has("--can-stdin")) {
        TRY(can, read_secret<eid::Can>());
        change.can = std::move(can);
    } else {
        TRY(can, read_optional_secret<eid::Can>());
        change.can = std::move(can);
    }
    return with_card(call, [&](const eid::PinCarePorts& ports) -> base::Result<ordered_json> {
        TRY_VOID(eid::change_pin(std::move(change), ports));
        return done();
    });
}

base::Result<ordered_json> resume_at_reader(const Call& call) {
    crypto::SystemRandom random;
    TRY(connection, open_card(call.options));
    CountingCard card = call.contact.count(*connection);
    std::fputs("type at the reader what it asks for: the CAN, then the PIN ...\n", stderr);
    TRY_VOID(eid::resume_pin_at_reader({card, random}));
    return done();
}

base::Result<ordered_json> resume(const Call& call) {
    if (call.options.has("--pin-pad")) return resume_at_reader(call);
    TRY(secrets, read_pin_and_can(first_line(call.arguments, FirstLine::can)));
    return with_card(call, [&](const eid::PinCarePorts& ports) -> base::Result<ordered_json> {
        TRY_VOID(eid::resume_pin({std::move(secrets.can), std::move(secrets.pin), {}}, ports));
        return done();
    });
}

base::Result<ordered_json> unblock(const Call& call) {
    TRY(puk, read_secret<eid::Puk>());
    eid::PinUnblock request{std::move(puk), {}};
    if (call.options.has("--new-pin-stdin")) {
        TRY(new_pin, read_secret<eid::Pin>());
        request.new_pin = std::move(new_pin);
    } else {
        TRY(new_pin, read_optional_secret<eid::Pin>());
        request.new_pin = std::move(new_pin);
    }
    return with_card(call, [&](const eid::PinCarePorts& ports) -> base::Result<ordered_json> {
        TRY_VOID(eid::unblock_pin(std::move(request), ports));
        return done();
    });
}

struct Subcommand {
    std::string_view name;
    base::Result<ordered_json> (*run)(const Call&);
};
constexpr std::array<Subcommand, 5> subcommands = {{
    {"read", read_card},
    {"pin-status", pin_status},
    {"change-pin", change_pin},
    {"resume", resume},
    {"unblock", unblock},
}};

const char* help_for(const Options& options) {
    if (options.words().size() == 1) {
        for (const CardHelp& help : card_help) {
            if (help.what == options.words().front()) return help.text;
        }
    }
    return card_help_start;
}

/// Wrong use. Programs get their object as for every other failure.
int usage(const char* why, const char* help, bool as_json) {
    if (as_json) print(to_json(base::Error{base::Errc::config_bad, why}), true);
    std::fputs(help, stderr);
    return exit_usage;
}

int run(const Subcommand& subcommand, const Options& options, Arguments arguments) {
    const bool as_json = options.has("--json");
    Contact contact(as_json ? Contact::Voice::silent : Contact::Voice::tells_steps);
    const auto result = subcommand.run({options, arguments, contact});
    ordered_json object = result ? *result : to_json(result.error());
    add_trace(object, contact.trace());
    print(object, as_json);
    if (result) return exit_ok;
    return result.error().code == base::Errc::config_bad ? exit_usage : exit_failed;
}

}  // namespace

int card(Arguments arguments) {
    const auto options = Options::parse(arguments, {{"--help"},
                                                    {"--json"},
                                                    {"--pin-stdin"},
                                                    {"--can-stdin"},
                                                    {"--puk-stdin"},
                                                    {"--pin-pad"},
                                                    {"--can-pad"},
                                                    {"--at-description", Takes::value},
                                                    {"--new-pin-stdin"},
                                                    {"--block-list-id"},
                                                    {"--reader", Takes::value},
                                                    {"--at-cert", Takes::list},
                                                    {"--at-key", Takes::value},
                                                    {"--cvca-dir", Takes::value},
                                                    {"--sector", Takes::value},
                                                    {"--block-list", Takes::value},
                                                    {"--pin-activity", Takes::value},
                                                    {"--revocation-sector", Takes::value},
                                                    {"--dg", Takes::value},
                                                    {"--aux", Takes::value},
                                                    {"--csca", Takes::list},
                                                    {"--today", Takes::value},
                                                    {"--wait", Takes::value}});
    const bool as_json =
        std::ranges::find(arguments, std::string_view("--json")) != arguments.end();
    if (!options) return usage("command line", card_help_start, as_json);
    if (options->has("--help")) {
        std::fputs(help_for(*options), stdout);
        return exit_ok;
    }
    if (options->words().empty()) return usage("no subcommand", card_help_start, as_json);
    if (options->words().size() > 1) return usage("stray word", help_for(*options), as_json);
    for (const Subcommand& subcommand : subcommands) {
        if (subcommand.name == options->words().front()) {
            return run(subcommand, *options, arguments);
        }
    }
    return usage("unknown subcommand", card_help_start, as_json);
}

}  // namespace ctl
