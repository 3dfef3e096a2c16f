// SPDX-License-Identifier: EUPL-1.2
// What a person picked from one entry, and what follows from it: who is named, until when it holds.
// Pure functions, any thread. Rules: LR-02 (named recipients), LR-06 (never back-dated), LR-20
// (always an end).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "drivers/base/result.hpp"
#include "kiosk/consent/catalogue.hpp"

namespace consent {

struct Choice {
    std::vector<std::string> recipients;  ///< ids; ignored if the entry fixes them
    std::string duration;                 ///< id; empty = the default
    friend bool operator==(const Choice&, const Choice&) = default;
};

/// Last day on which it holds (inclusive), counted from the day it was given.
/// birth    needed for a duration that ends with a birthday.
/// returns  nothing for an open duration, and if that birthday is unknown or not ahead.
[[nodiscard]] std::optional<Date> last_day(const Duration& duration, Date from,
                                           const std::optional<Date>& birth);

/// Durations that can be chosen now, in the entry's order.
[[nodiscard]] std::vector<const Duration*> durations_for(const Catalogue& catalogue,
                                                         const Entry& entry, Date from,
                                                         const std::optional<Date>& birth);

/// The finished selection, ready for a declaration. With both_ways every party is source and
/// recipient. errors   declaration_bad: no recipient chosen, an unknown or doubled one, a duration
/// that the entry does not offer, or a
///          notice, which nobody declares.
base::Result<model::Selection> select(const Catalogue& catalogue, const Entry& entry,
                                      const Choice& choice, Date today,
                                      const std::optional<Date>& birth);

}  // namespace consent
