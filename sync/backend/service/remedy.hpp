// SPDX-License-Identifier: EUPL-1.2
// What somebody reads who started a command of the backend that failed: which option or file it
// was, and what to do next. Paths and addresses of the command line are the operator's own words
// and may stand here; the log beside it has codes only. Norm: architecture.md 9.
#pragma once

#include <span>
#include <string>

#include "sync/backend/service/options.hpp"

namespace backend {

/// A sentence or two that end with a new line, for every error of every command. Looks at the files
/// of the options again, to name the one that is meant.
[[nodiscard]] std::string remedy_for(const base::Error& error, const Options& options);
/// The same about a command line that parse_options has refused.
[[nodiscard]] std::string remedy_for_arguments(std::span<const char* const> arguments);

}  // namespace backend
