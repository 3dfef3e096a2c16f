// SPDX-License-Identifier: EUPL-1.2
// The subcommands of freigabectl. Each is one function in the file of the same name; main.cpp has
// the table. Exit codes of all of them: exit_ok, exit_failed (an Errc was printed), exit_usage.
#pragma once

#include <span>
#include <string_view>

namespace ctl {

inline constexpr int exit_ok = 0;
inline constexpr int exit_failed = 1;
inline constexpr int exit_usage = 2;

/// What stands behind the subcommand's name on the command line.
using Arguments = std::span<const std::string_view>;

int card(Arguments arguments);
int blocklist(Arguments arguments);
int pki(Arguments arguments);
int journal(Arguments arguments);
int catalogue(Arguments arguments);
int downstream(Arguments arguments);
int enrol(Arguments arguments);
int rotate_key(Arguments arguments);
int keys(Arguments arguments);
int doctor(Arguments arguments);
int log(Arguments arguments);
int courier(Arguments arguments);
int slip(Arguments arguments);
int evidence(Arguments arguments);
int fleet(Arguments arguments);

}  // namespace ctl
