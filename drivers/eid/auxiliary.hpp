// SPDX-License-Identifier: EUPL-1.2
// Authenticated auxiliary data: what the terminal commits to before it may ask "old enough?",
// "still valid?", "lives in?". The data go into terminal authentication once; the card then answers
// each question with yes or no. Norm: BSI TR-03110-3 A.7.5 (structure, meaning), B.6 and B.14
// (VERIFY). Pure but for verify_auxiliary (card thread).
#pragma once

#include <cstdint>
#include <optional>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"
#include "drivers/eid/channel.hpp"
#include "drivers/eid/date.hpp"
#include "drivers/eid/rights.hpp"

namespace eid {

/// Questions to ask; an empty one is not asked.
struct AuxiliaryChecks {
    std::optional<Date> born_on_or_before;  ///< age: birth dates after this day are too young
    std::optional<Date> valid_on;           ///< today, by the time floor
    std::optional<base::Bytes> community;   ///< leading bytes of the municipality id, 1..7

    [[nodiscard]] bool any() const { return born_on_or_before || valid_on || community; }
    /// The rights these checks need (validity needs none).
    [[nodiscard]] Rights rights() const;
};

/// The answers; empty where nothing was asked.
struct AuxiliaryResults {
    std::optional<bool> old_enough;
    std::optional<bool> still_valid;
    std::optional<bool> in_community;
};

/// 67 { 73 { 06 question, 53 data } ... }; empty if nothing is asked.
[[nodiscard]] base::Bytes encode_auxiliary(const AuxiliaryChecks& checks);

/// Asks what was committed to in terminal authentication. eID application selected.
/// errors  right_missing (6982), card_status_unexpected (6A88: nothing committed), those of
///         Channel.
/// cost    one APDU per question.
base::Result<AuxiliaryResults> verify_auxiliary(Channel& channel, const AuxiliaryChecks& checks);

/// The day on which somebody who is `years` old today at the latest was born; 29 February counts as
/// 28 in common years.
[[nodiscard]] Date latest_birth_date(Date today, unsigned years);

}  // namespace eid
