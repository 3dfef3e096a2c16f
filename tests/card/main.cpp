// SPDX-License-Identifier: EUPL-1.2
// freigabe-card: a virtual eID card in the real pcscd, for demo, training and tests. It never goes
// onto a device. One thread: poll over reader, control socket and signals.
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "tests/card/card_slot.hpp"
#include "tests/card/control.hpp"

namespace {

constexpr int exit_usage = 2;
constexpr int poll_ms = 100;  // also how soon a lost pcscd is looked for again

int list_people() {
    std::vector<std::string> lines;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(CARD_PEOPLE_DIR, error)) {
        if (entry.path().extension() != ".json") continue;
        const auto loaded = card::load_person(entry.path().string());
        if (!loaded.person) {
            std::fprintf(stderr, "%s: %s\n", entry.path().c_str(), loaded.error.reason.c_str());
            continue;
        }
        std::string line = entry.path().stem().string();
        line.resize(std::max<std::size_t>(line.size() + 1, 24), ' ');
        lines.push_back(line + loaded.person->label);
    }
    std::sort(lines.begin(), lines.end());
    for (const std::string& line : lines) std::puts(line.c_str());
    return error ? 1 : 0;
}

// PEM by hand: base64 of 48 bytes a line.
std::string to_pem(card::View der) {
    static constexpr char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text = "-----BEGIN CERTIFICATE-----\n";
    for (std::size_t at = 0; at < der.size(); at += 3) {
        std::uint32_t group = 0;
        const std::size_t have = std::min<std::size_t>(3, der.size() - at);
        for (std::size_t i = 0; i < 3; ++i) group = group << 8U | (i < have ? der[at + i] : 0U);
        for (std::size_t i = 0; i < 4; ++i) {
            text += i <= have ? alphabet[group >> (18 - 6 * i) & 63U] : '=';
        }
        if (at % 48 == 45) text += '\n';
    }
    if (text.back() != '\n') text += '\n';
    return text + "-----END CERTIFICATE-----\n";
}

bool export_authority(const std::string& path, const card::Card& card) {
    const card::Bytes& der = card.authority_certificate();
    const bool pem = path.size() > 4 && path.substr(path.size() - 4) == ".pem";
    return card::write_file(path, pem ? card::to_bytes(to_pem(der)) : der);
}

int tell_running(const card::ProgramOptions& options) {
    const auto answer = card::tell(options.tell_socket, options.tell_command);
    if (!answer) {
        std::fprintf(stderr, "freigabe-card: nobody answers at %s\n", options.tell_socket.c_str());
        return 1;
    }
    std::puts(answer->c_str());
    return answer->rfind("error", 0) == 0 ? 1 : 0;
}

int catch_signals() {
    sigset_t wanted;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGINT);
    sigaddset(&wanted, SIGTERM);
    if (sigprocmask(SIG_BLOCK, &wanted, nullptr) != 0) return -1;
    return signalfd(-1, &wanted, SFD_CLOEXEC);
}

void run(card::CardSlot& slot, card::ControlSocket& control, int signals) {
    while (!slot.quit()) {
        slot.keep_connected();
        std::array<pollfd, 3> wait{{{slot.descriptor(), POLLIN, 0},
                                    {control.descriptor(), POLLIN, 0},
                                    {signals, POLLIN, 0}}};
        if (poll(wait.data(), wait.size(), poll_ms) <= 0) continue;
        if (wait[2].revents != 0) return;
        if (wait[1].revents != 0) {
            if (const auto line = control.receive()) control.answer(slot.control(*line));
            continue;  // the command may have closed the reader's descriptor
        }
        if (wait[0].revents != 0) slot.serve();
    }
}

int start(const card::ProgramOptions& options) {
    card::RandomSource random;
    card::CardSlot slot(options, random);
    const std::string error = slot.choose(options.person);
    if (!error.empty()) {
        std::fprintf(stderr, "freigabe-card: %s\n", error.c_str());
        return 1;
    }
    if (!options.export_csca.empty() && !export_authority(options.export_csca, slot.card())) {
        std::fprintf(stderr, "freigabe-card: cannot write %s\n", options.export_csca.c_str());
        return 1;
    }
    const int signals = catch_signals();
    card::ControlSocket control;
    if (signals < 0 || !control.open(options.control)) {
        std::fprintf(stderr, "freigabe-card: cannot open the control socket %s\n",
                     options.control.c_str());
        return 1;
    }
    run(slot, control, signals);
    close(signals);
    std::printf("freigabe-card: %zu commands\n", slot.commands());
    return 0;
}

}  // namespace

int main(int count, char** values) {
    const std::vector<std::string> arguments(values + 1, values + count);
    const card::ParsedOptions parsed = card::parse_options(arguments);
    if (!parsed.error.empty()) {
        std::fprintf(stderr, "freigabe-card: %s; see --help\n", parsed.error.c_str());
        return exit_usage;
    }
    if (parsed.options.help) {
        std::fputs(card::help_text().data(), stdout);
        return 0;
    }
    if (parsed.options.list) return list_people();
    if (!parsed.options.tell_socket.empty()) return tell_running(parsed.options);
    if (parsed.options.person.empty()) {
        std::fputs("freigabe-card: --person is missing; see --help and --list\n", stderr);
        return exit_usage;
    }
    return start(parsed.options);
}
