// SPDX-License-Identifier: EUPL-1.2
// A planted mistake: if this one is no longer found, the machinery has stopped looking.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 1 && data[0] == 0xFF) std::abort();
    return 0;
}
