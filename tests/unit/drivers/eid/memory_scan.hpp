// SPDX-License-Identifier: EUPL-1.2
// Looks for secrets in all writable memory of its own process: heap, stack, data of libraries, also
// what was freed and what was popped. The patterns come masked and stay so, so that the search does
// not find itself. One thread; Linux (/proc/self).
#pragma once

#include <string>
#include <vector>

#include "drivers/base/bytes.hpp"

namespace eid_test {

/// Every byte of a pattern is kept under this mask.
inline constexpr std::uint8_t pattern_mask = 0xA5;

struct Finding {
    std::size_t pattern;  ///< index
    std::string region;   ///< as /proc/self/maps names it: [heap], [stack], a file, or nothing
};

/// masked   patterns of 2..128 bytes.
/// returns  the first place in each region, for each pattern that is there.
[[nodiscard]] std::vector<Finding> scan_own_memory(const std::vector<base::Bytes>& masked);

}  // namespace eid_test
