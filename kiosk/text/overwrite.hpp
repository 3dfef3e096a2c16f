// SPDX-License-Identifier: EUPL-1.2
// Overwrites memory that held personal text or pixels and keeps its size. Apart from base::wipe,
// which empties byte vectors. Pure, any thread.
#pragma once

#include <cstddef>

namespace text {

/// Sets `size` bytes to zero; volatile, so that the compiler cannot leave it out before memory is
/// freed.
inline void overwrite(void* data, std::size_t size) {
    auto* bytes = static_cast<volatile unsigned char*>(data);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = 0;
}

}  // namespace text
