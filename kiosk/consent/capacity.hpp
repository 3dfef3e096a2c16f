// SPDX-License-Identifier: EUPL-1.2
// Who may declare what at which age. The ages are configuration, because laws move them and differ
// (domain 5.5). A withdrawal never asks any of this. Pure functions, any thread. Rules: LR-30,
// LR-31, LR-34, LR-35, LR-38.
#pragma once

#include <cstdint>
#include <optional>

#include "kiosk/consent/calendar.hpp"
#include "kiosk/consent/catalogue.hpp"

namespace consent {

/// Signed configuration of a site. Years are completed years of life.
struct AgeRules {
    unsigned eid_age_min = 13;   ///< below, cards have no online function (eIDKG § 8)
    unsigned capacity_age = 15;  ///< § 36 SGB I
    unsigned majority = 18;
    friend bool operator==(const AgeRules&, const AgeRules&) = default;
};

enum class Capacity : std::uint8_t {
    alone,          ///< may decide here and now
    insight_check,  ///< a human talks with the person first; then they decide themselves
    guardians,      ///< the guardians decide, with the person
    not_offered,    ///< the act belongs to somebody older alone
    age_unknown,    ///< no birth date: a human helps
};

/// What holds for this person and this entry today.
/// birth  latest day that fits the card's birth date (calendar.hpp); nothing if the card does not
/// say.
[[nodiscard]] Capacity capacity(const Entry& entry, const std::optional<Date>& birth, Date today,
                                const AgeRules& rules);

/// The same for a rule alone, for tables and tests.
[[nodiscard]] Capacity capacity(GuardianRule rule, unsigned age, const AgeRules& rules);

/// True if a guardian gave it and the person has since come of an age at which it is theirs to
/// confirm (LR-34).
[[nodiscard]] bool needs_own_confirmation(Date given, Date birth, Date today,
                                          const AgeRules& rules);

}  // namespace consent
