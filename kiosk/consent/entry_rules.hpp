// SPDX-License-Identifier: EUPL-1.2
// The law's rules for one entry, each with its number; used by catalogue_rules.cpp. Pure functions,
// any thread.
#pragma once

#include <string_view>
#include <vector>

#include "kiosk/consent/catalogue_rules.hpp"

namespace consent {

/// Every violation of one entry, rule by rule. The tables of `catalogue` need not be valid.
[[nodiscard]] std::vector<Violation> entry_violations(const Catalogue& catalogue,
                                                      const Entry& entry);

/// "JBA", "Integration Point" and their like, wherever an id is expected.
[[nodiscard]] bool is_cooperation_id(std::string_view id);

}  // namespace consent
