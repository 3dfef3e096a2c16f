// SPDX-License-Identifier: EUPL-1.2
#include "drivers/scanner/code_lines.hpp"

#include <utility>

namespace scanner {
namespace {

bool is_end(std::uint8_t byte) {
    return byte == '\r' || byte == '\n';
}

bool is_visible(std::uint8_t byte) {
    return byte > ' ' && byte <= '~';
}

}  // namespace

std::optional<port::ScannedCode> CodeLines::feed(std::uint8_t byte, std::uint64_t now_ms) {
    if (begun() && now_ms - last_ms_ >= limits::slip_gap_ms) reset();
    last_ms_ = now_ms;
    if (is_end(byte)) {
        const bool whole = !dropping_ && !code_.empty();
        auto code = whole ? std::optional(std::move(code_)) : std::nullopt;
        reset();
        return code;
    }
    if (!dropping_ && (!is_visible(byte) || !code_.push(byte))) {
        code_.wipe();
        dropping_ = true;
    }
    return std::nullopt;
}

void CodeLines::reset() {
    code_.wipe();
    dropping_ = false;
}

void CodeLines::skip(std::uint64_t now_ms) {
    code_.wipe();
    dropping_ = true;
    last_ms_ = now_ms;
}

}  // namespace scanner
