// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/runtime/wipe_stack.hpp"

#include <array>
#include <cstdint>

#include "drivers/base/secret.hpp"

namespace runtime {

// Never inlined: its array must lie where the calls before it had theirs.
[[gnu::noinline]] void wipe_stack() {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): what it was is what is wiped.
    std::array<std::uint8_t, 262'144> below;
    base::wipe_memory(below.data(), below.size());
}

}  // namespace runtime
