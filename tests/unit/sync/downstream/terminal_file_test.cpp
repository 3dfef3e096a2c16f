// SPDX-License-Identifier: EUPL-1.2
// terminal.json: what was written is read back, everything else is refused.
#include "sync/downstream/terminal_file.hpp"

#include <doctest/doctest.h>

#include <string>

#include "drivers/base/limits.hpp"

using downstream::TerminalFile;
using downstream::TerminalMode;

namespace {

TerminalFile sample() {
    return {.terminal = base::make_uuid7(1'795'500'000'000, {1, 2, 3}),
            .site = "Musterstadt",
            .backend = "https://localhost:8443",
            .mode = TerminalMode::demo,
            .drafts_shown = true,
            .time_floor_ms = 1'795'500'000'000};
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
    const std::size_t at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), with);
}

bool refused(const std::string& text) {
    const auto file = downstream::parse_terminal_file(text);
    return !file && file.error().code == base::Errc::config_bad;
}

}  // namespace

TEST_CASE("terminal file: what was written is read back") {
    for (const auto mode : {TerminalMode::live, TerminalMode::training, TerminalMode::demo}) {
        TerminalFile file = sample();
        file.mode = mode;
        file.drafts_shown = mode != TerminalMode::live;
        const auto back = downstream::parse_terminal_file(downstream::write_terminal_file(file));
        REQUIRE(back.has_value());
        CHECK(*back == file);
    }
}

TEST_CASE("terminal file: drafts are never shown to citizens of a live site") {
    TerminalFile file = sample();
    file.mode = TerminalMode::live;
    CHECK(refused(downstream::write_terminal_file(file)));
    file.drafts_shown = false;
    CHECK_FALSE(refused(downstream::write_terminal_file(file)));
}

TEST_CASE("terminal file: anything missing, unknown or too long is refused") {
    const std::string good = downstream::write_terminal_file(sample());
    CHECK(refused(""));
    CHECK(refused("[]"));
    CHECK(refused(good.substr(0, good.size() / 2)));
    CHECK(refused(replaced(good, "freigabe-terminal-1", "freigabe-terminal-2")));
    CHECK(refused(replaced(good, "\"demo\"", "\"test\"")));
    CHECK(refused(replaced(good, "\"show\"", "\"yes\"")));
    CHECK(refused(replaced(good, "\"site\"", "\"place\"")));
    CHECK(refused(replaced(good, "\"schema\"", "\"more\":1,\"schema\"")));
    CHECK(refused(replaced(good, "1795500000000}", "-1}")));
    TerminalFile file = sample();
    file.site = std::string(limits::site_bytes_max, 'x');
    CHECK_FALSE(refused(downstream::write_terminal_file(file)));
    file.site += "x";
    CHECK(refused(downstream::write_terminal_file(file)));
}
