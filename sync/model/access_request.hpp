// SPDX-License-Identifier: EUPL-1.2
// A formal request for access: a person demands of authorities what they hold about them. It is a
// notice whose entry is no catalogue's: the law says what is demanded, and nothing is granted.
// Apart so that terminal and backend name it alike. Pure, any thread. Norm: Art. 15 and 12 (3)
// GDPR, § 83 SGB X; domain LR-41.
#pragma once

#include <chrono>
#include <string_view>

#include "sync/model/declaration.hpp"

namespace model {

/// Its entry, reserved: no catalogue may offer it.
inline constexpr std::string_view access_request_entry = "DSGVO-15";
/// A change of its meaning would raise the first number.
inline constexpr std::string_view access_request_version = "1.0";

[[nodiscard]] inline bool is_access_request(const Declaration& declaration) {
    return declaration.entry && declaration.entry->id.get() == access_request_entry;
}

/// The last day for the answer: one month after the day of the request, or the last day of that
/// month if it has no such day (Art. 12 (3) GDPR, § 188 (2), (3) BGB).
[[nodiscard]] inline Date answer_day(Date asked) {
    const Date day = asked + std::chrono::months(1);
    return day.ok() ? day : Date(day.year() / day.month() / std::chrono::last);
}

/// The latest day of a request that is overdue on this day: its last day for the answer is past.
[[nodiscard]] inline Date overdue_since(Date today) {
    // A month has 28 days at least, and the days behind a short month share its last one.
    std::chrono::sys_days asked = std::chrono::sys_days(today) - std::chrono::days(28);
    while (answer_day(Date(asked)) >= today) asked -= std::chrono::days(1);
    return Date(asked);
}

}  // namespace model
