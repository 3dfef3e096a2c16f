// SPDX-License-Identifier: EUPL-1.2
// Who may declare what at which age, see capacity.hpp.
#include "kiosk/consent/capacity.hpp"

namespace consent {

Capacity capacity(GuardianRule rule, unsigned age, const AgeRules& rules) {
    switch (rule) {
        case GuardianRule::everybody:
            return Capacity::alone;
        case GuardianRule::alone_from_capacity:
            return age >= rules.capacity_age ? Capacity::alone : Capacity::not_offered;
        case GuardianRule::insight_check:
            if (age < rules.capacity_age) return Capacity::guardians;
            return age < rules.majority ? Capacity::insight_check : Capacity::alone;
        case GuardianRule::guardians_below_capacity:
            break;
    }
    return age >= rules.capacity_age ? Capacity::alone : Capacity::guardians;
}

Capacity capacity(const Entry& entry, const std::optional<Date>& birth, Date today,
                  const AgeRules& rules) {
    if (entry.guardian_rule == GuardianRule::everybody) return Capacity::alone;
    if (!birth) return Capacity::age_unknown;
    return capacity(entry.guardian_rule, age_on(*birth, today), rules);
}

bool needs_own_confirmation(Date given, Date birth, Date today, const AgeRules& rules) {
    return age_on(birth, given) < rules.capacity_age && age_on(birth, today) >= rules.capacity_age;
}

}  // namespace consent
