// SPDX-License-Identifier: EUPL-1.2
// The command line of freigabe-card. Pure, any thread.
#pragma once

#include <span>

#include "tests/card/cv_certificate.hpp"
#include "tests/card/fault_script.hpp"
#include "tests/card/passwords.hpp"
#include "tests/card/suite.hpp"

namespace card {

struct ProgramOptions {
    std::string host = "127.0.0.1";
    std::uint16_t port = 35963;
    std::string person;  ///< file, or the name of one of the people of the project
    std::optional<std::string> pin, can, puk;
    std::optional<PinState> pin_state;
    std::vector<std::string> cvca_files;
    std::vector<Fault> faults;
    bool wrong_key = false;
    Suite suite;
    std::uint64_t seed = 0;
    Date date = 0;  ///< 0 = what the trust points say
    std::string export_csca, state, control;
    bool absent = false;
    bool trace = false;
    bool list = false;
    bool help = false;
    std::string tell_socket, tell_command;
};

/// Options, or what is wrong with them.
struct ParsedOptions {
    ProgramOptions options;
    std::string error;  ///< empty = good
};
[[nodiscard]] ParsedOptions parse_options(std::span<const std::string> arguments);

[[nodiscard]] std::string_view help_text();

}  // namespace card
