// SPDX-License-Identifier: EUPL-1.2
// What law or an operator decides for many terminals and changes while they stand there: ages,
// times, how old a block list may be. Comes down signed (kind `configuration`) and goes before what
// the terminal's own kiosk.json says. Pure, any thread. Form (every member but schema may be left
// out; numbers from 1):
// {"schema":"freigabe-configuration-1","ages":{"eid_age_min":n,"capacity_age":n,"majority":n},
//  "seconds":{"idle_warning":n,"idle_purge":n,"card_return":n,"done":n},"block_list_days_max":n}
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "drivers/base/result.hpp"

namespace downstream {

struct Configuration {
    std::optional<std::uint32_t> eid_age_min;
    std::optional<std::uint32_t> capacity_age;
    std::optional<std::uint32_t> majority;
    std::optional<std::uint32_t> idle_warning_s;
    std::optional<std::uint32_t> idle_purge_s;
    std::optional<std::uint32_t> card_return_s;
    std::optional<std::uint32_t> done_s;
    std::optional<std::uint32_t> block_list_days_max;
};

/// errors  manifest_bad: form, an unknown member, a number out of range.
base::Result<Configuration> parse_configuration(std::string_view json);

}  // namespace downstream
