// SPDX-License-Identifier: EUPL-1.2
// Days as the authorities count them: a release "until 12 May" ends with that day where the
// authority is, not an hour or two later with the day in Greenwich. Pure, any thread. Norm:
// directive 2000/84/EC (summer time of the Union: last Sunday of March to last Sunday of October,
// both at 01:00 UTC).
#pragma once

#include <cstdint>
#include <string>

#include "sync/model/times.hpp"

namespace backend {

/// The German day of a moment, "YYYY-MM-DD". CHECKs like model::to_rfc3339.
[[nodiscard]] std::string german_day(std::uint64_t unix_ms);
/// The first moment of a German day, in Unix milliseconds. CHECKs that it is not before 1970.
[[nodiscard]] std::uint64_t german_day_start_ms(const model::Date& day);
/// The first moment after a German day.
[[nodiscard]] std::uint64_t german_day_end_ms(const model::Date& day);

}  // namespace backend
