// SPDX-License-Identifier: EUPL-1.2
// Reading the command line: see options.hpp.
#include "tests/card/options.hpp"

#include <charconv>

namespace card {
namespace {

template <class Number>
bool parse_number(std::string_view text, Number& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size();
}

// YYYY-MM-DD
bool parse_date(const std::string& text, Date& date) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
    return parse_number(text.substr(0, 4) + text.substr(5, 2) + text.substr(8, 2), date);
}

bool set_flag(const std::string& name, ProgramOptions& options) {
    if (name == "--wrong-key") return options.wrong_key = true;
    if (name == "--absent") return options.absent = true;
    if (name == "--trace") return options.trace = true;
    if (name == "--list") return options.list = true;
    if (name == "--help" || name == "-h") return options.help = true;
    return false;
}

enum class Outcome { good, bad_value, unknown };

Outcome set_text(const std::string& name, const std::string& value, ProgramOptions& options) {
    if (name == "--host")
        options.host = value;
    else if (name == "--person")
        options.person = value;
    else if (name == "--pin")
        options.pin = value;
    else if (name == "--can")
        options.can = value;
    else if (name == "--puk")
        options.puk = value;
    else if (name == "--cvca")
        options.cvca_files.push_back(value);
    else if (name == "--export-csca")
        options.export_csca = value;
    else if (name == "--state")
        options.state = value;
    else if (name == "--control")
        options.control = value;
    else
        return Outcome::unknown;
    return Outcome::good;
}

bool add_fault(const std::string& text, ProgramOptions& options) {
    const auto fault = parse_fault(text);
    if (fault) options.faults.push_back(*fault);
    return fault.has_value();
}

Outcome set_value(const std::string& name, const std::string& value, ProgramOptions& options) {
    const auto outcome = [](bool good) { return good ? Outcome::good : Outcome::bad_value; };
    if (name == "--port") return outcome(parse_number(value, options.port));
    if (name == "--fault") return outcome(add_fault(value, options));
    if (name == "--cut-at") return outcome(add_fault("cut,at=" + value, options));
    if (name == "--delay-ms") return outcome(add_fault("delay=" + value, options));
    if (name == "--seed") return outcome(parse_number(value, options.seed));
    if (name == "--date") return outcome(parse_date(value, options.date));
    if (name == "--suite") {
        const auto suite = parse_suite(value);
        options.suite = suite.value_or(Suite{});
        return outcome(suite.has_value());
    }
    if (name == "--pin-state") {
        options.pin_state = parse_pin_state(value);
        return outcome(options.pin_state.has_value());
    }
    return set_text(name, value, options);
}

}  // namespace

ParsedOptions parse_options(std::span<const std::string> arguments) {
    ParsedOptions parsed;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& name = arguments[i];
        if (set_flag(name, parsed.options)) continue;
        const auto fail = [&](const std::string& reason) {
            parsed.error = reason;
            return parsed;
        };
        if (name == "--tell") {
            if (i + 2 >= arguments.size()) return fail("--tell needs SOCKET and COMMAND");
            parsed.options.tell_socket = arguments[++i];
            while (++i < arguments.size()) {
                if (!parsed.options.tell_command.empty()) parsed.options.tell_command += ' ';
                parsed.options.tell_command += arguments[i];
            }
            return parsed;
        }
        if (i + 1 == arguments.size()) return fail("unknown option, or no value for " + name);
        const std::string& value = arguments[++i];
        switch (set_value(name, value, parsed.options)) {
            case Outcome::good:
                break;
            case Outcome::bad_value:
                return fail("bad value for " + name + ": " + value);
            case Outcome::unknown:
                return fail("unknown option " + name);
        }
    }
    return parsed;
}

std::string_view help_text() {
    return R"(freigabe-card - a virtual German eID card in a virtual reader (vpcd) of pcscd

  freigabe-card --person NAME|FILE.json [options]
  freigabe-card --list                    the people of the project
  freigabe-card --tell SOCKET COMMAND     speaks to a running card (see --control)

Card
  --person NAME|FILE       who it belongs to
  --pin, --can, --puk N    other secrets than those of the person file (123456, 500540, 9876543210)
  --pin-state STATE        operational, two_left, suspended, blocked, deactivated, transport,
                           puk_used_up
  --cvca FILE              CVCA certificate the card trusts; several are allowed, newest counts.
                           Without one the card offers PIN management and no data.
  --suite CURVE/BITS       curve and AES of PACE, chip authentication and pseudonym
                           (brainpoolP256r1/128; also brainpoolP384r1, brainpoolP512r1, P-256,
                           P-384, P-521 and 192, 256)
  --date YYYY-MM-DD        the card's clock at least
  --seed N                 another card of the same person: other keys, other pseudonym
  --state FILE             PIN, counters, clock and trust points survive in this file
Faults
  --fault FAULT[,FAULT...] answers wrongly; may stand several times. at=N: only command N, counted
                           from 1 since the start (--trace shows the numbers), else every command
                             sw=XXXX      this status word alone      truncate  half of the data
                             delay=MS     the answer comes late       replay    the answer before
                             mac=wrong    checksum of the channel     cut       the card is pulled
                             token=wrong  proof of PACE or of the chip
  --cut-at N, --delay-ms N the same as --fault at=N,cut and --fault delay=N
  --wrong-key              chip key that does not match EF.CardSecurity
Connection
  --host H --port P        vpcd (127.0.0.1 35963)
  --control PATH           Unix socket for --tell; "-" reads the commands from standard input:
                           insert, remove, swap FILE, status, quit. status answers one JSON object:
                           person, inserted, connected, pin_tries, pin_active, puk_uses, and since
                           the start commands, command_bytes, answer_bytes and busy_us, the time
                           from each whole command to its whole answer
  --absent                 starts with the card out
  --export-csca FILE       writes the issuing country's certificate (*.pem: PEM, else DER)
  --trace                  prints commands (plain header, lengths, status) on standard error

Examples
  freigabe-card --person leyla --cvca build/demo/pki/cvca.cvcert --control /tmp/card.sock
  freigabe-card --tell /tmp/card.sock remove
  freigabe-card --person erika --pin-state suspended
  freigabe-card --person leyla --fault at=12,sw=6988 --fault delay=200
  freigabe-card --person leyla --fault at=7,token=wrong
)";
}

}  // namespace card
