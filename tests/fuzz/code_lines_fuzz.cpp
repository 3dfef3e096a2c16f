// SPDX-License-Identifier: EUPL-1.2
// Bytes of a scanner, each with the time since the last one before it.
#include "drivers/base/check.hpp"
#include "drivers/scanner/code_lines.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    scanner::CodeLines lines;
    std::uint64_t now_ms = 0;
    for (std::size_t i = 0; i + 1 < size; i += 2) {
        const auto code = lines.feed(data[i + 1], now_ms += data[i]);
        CHECK(!code || (!code->empty() && !lines.begun()));
    }
    return 0;
}
