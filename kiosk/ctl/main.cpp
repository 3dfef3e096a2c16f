// SPDX-License-Identifier: EUPL-1.2
// freigabectl: one tool for technicians. This file only finds the subcommand; each subcommand is a
// file of its own.
#include <cstdio>
#include <string_view>
#include <vector>

#include "kiosk/ctl/commands.hpp"

namespace {

struct Command {
    std::string_view name;
    int (*run)(ctl::Arguments);
    const char* help;
};

int help(ctl::Arguments arguments);

constexpr Command commands[] = {
    {"help", help, "print this list"},
#ifdef FREIGABECTL_HAS_card
    {"card", ctl::card, "read a card, ask for its PIN state, change or unblock its PIN"},
#endif
#ifdef FREIGABECTL_HAS_blocklist
    {"blocklist", ctl::blocklist, "build, check and ask a list of cards reported lost"},
#endif
#ifdef FREIGABECTL_HAS_pki
    {"pki", ctl::pki, "make certificates and keys for tests, enrolment and the demo"},
#endif
#ifdef FREIGABECTL_HAS_journal
    {"journal", ctl::journal, "verify a journal file"},
#endif
#ifdef FREIGABECTL_HAS_catalogue
    {"catalogue", ctl::catalogue, "check, sign and show a catalogue"},
#endif
#ifdef FREIGABECTL_HAS_downstream
    {"downstream", ctl::downstream, "sign what comes down to terminals, several people together"},
#endif
#ifdef FREIGABECTL_HAS_rotate_key
    {"rotate-key", ctl::rotate_key, "give the journal a new key, stated by the old one"},
#endif
#ifdef FREIGABECTL_HAS_enrol
    {"enrol", ctl::enrol, "make this device a terminal of a backend"},
#endif
#ifdef FREIGABECTL_HAS_keys
    {"keys", ctl::keys, "make a key on a token, show its public half"},
#endif
#ifdef FREIGABECTL_HAS_log
    {"log", ctl::log, "verify a backend's log as an auditor does"},
#endif
#ifdef FREIGABECTL_HAS_courier
    {"courier", ctl::courier, "look at a stick, agree to an export, take a stick in at a backend"},
#endif
#ifdef FREIGABECTL_HAS_slip
    {"slip", ctl::slip, "make and check an authority's invitation slips"},
#endif
#ifdef FREIGABECTL_HAS_fleet
    {"fleet", ctl::fleet, "load a test backend with the backlog of many terminals"},
#endif
#ifdef FREIGABECTL_HAS_evidence
    {"evidence", ctl::evidence, "verify or open evidence about one declaration"},
#endif
#ifdef FREIGABECTL_HAS_doctor
    {"doctor", ctl::doctor, "say what this machine has, what is missing, and what to do"},
#endif
};

int usage() {
    std::fputs("usage: freigabectl <command> [arguments]; <command> --help says more\n", stderr);
    for (const Command& command : commands) {
        std::fprintf(stderr, "  %-10s %s\n", command.name.data(), command.help);
    }
    return ctl::exit_usage;
}

int help(ctl::Arguments) {
    usage();
    return ctl::exit_ok;
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string_view> arguments(argv, argv + argc);
    if (arguments.size() < 2) return usage();
    for (const Command& command : commands) {
        if (command.name == arguments[1]) return command.run(ctl::Arguments(arguments).subspan(2));
    }
    return usage();
}
