// SPDX-License-Identifier: EUPL-1.2
// The publisher's folder of the downstream: building a manifest from files, putting what is signed
// into its place, and looking at all of it as a terminal would.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "drivers/base/result.hpp"
#include "kiosk/ctl/options.hpp"

namespace ctl {

/// A number of 1..value_max.
[[nodiscard]] std::optional<unsigned> small_number(std::string_view text, unsigned value_max);
/// Now and --days, as Unix milliseconds. errors: config_bad (1..3650).
base::Result<std::uint64_t> expiry_of(const Options& options, std::string_view days_otherwise);

/// `freigabectl downstream publish`, `release`, `verify`; each prints what it did or found.
base::Result<void> publish(const Options& options);
base::Result<void> release(const Options& options);
base::Result<void> verify_folder(const Options& options);

}  // namespace ctl
