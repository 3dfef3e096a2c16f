// SPDX-License-Identifier: EUPL-1.2
#include "drivers/eid/dead_stack.hpp"

#include <array>
#include <cstdint>

#include "drivers/base/secret.hpp"

namespace eid {
namespace {

// The deepest call of a contact, a point multiplication with the dynamic linker below it, takes
// about 12 KiB; a thread has megabytes.
constexpr std::size_t wiped_bytes = std::size_t{48} * 1024;

// Registers first: whatever they still hold would be saved again by the next first call.
#if defined(__has_attribute) && __has_attribute(zero_call_used_regs)
[[gnu::noinline, gnu::zero_call_used_regs("all")]] void wipe_registers() {
    asm volatile("");
}
#else
// clang 14, which builds the fuzz targets only, has no such attribute.
void wipe_registers() {}
#endif

[[gnu::noinline]] void wipe_below() {
    // Not initialised: it is the dead stack itself.
    std::array<std::uint8_t, wiped_bytes> below;  // NOLINT(cppcoreguidelines-pro-type-member-init)
    base::wipe_memory(below.data(), below.size());
}

}  // namespace

DeadStackWipe::~DeadStackWipe() {
    wipe_registers();
    wipe_below();
}

}  // namespace eid
