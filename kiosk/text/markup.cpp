// SPDX-License-Identifier: EUPL-1.2
// Implementation of markup.hpp. Norm: RFC 3629 (UTF-8), UAX #9 (isolates). Pure.
#include "kiosk/text/markup.hpp"

#include <array>

namespace text {
namespace {

constexpr std::uint32_t replacement = 0xFFFD;
constexpr std::uint32_t soft_hyphen = 0x00AD;

bool opens_isolate(std::uint32_t code) {
    return code >= 0x2066 && code <= 0x2068;
}
bool closes_isolate(std::uint32_t code) {
    return code == 0x2069;
}

/// Reads one code point at `at` and moves behind it.
std::uint32_t next_code(std::string_view utf8, std::size_t& at) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(utf8[i]); };
    const std::uint8_t lead = byte(at++);
    if (lead < 0x80) return lead;
    const std::size_t more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    if (lead < 0xC2 || lead > 0xF4 || at + more > utf8.size()) return replacement;
    std::uint32_t code = lead & (0x3FU >> more);
    for (std::size_t i = 0; i < more; ++i) {
        if ((byte(at) & 0xC0U) != 0x80U) return replacement;
        code = (code << 6U) | (byte(at++) & 0x3FU);
    }
    constexpr std::array<std::uint32_t, 4> shortest{0, 0x80, 0x800, 0x10000};
    if (code < shortest.at(more) || code > 0x10FFFF) return replacement;
    if (code >= 0xD800 && code <= 0xDFFF) return replacement;
    return code;
}

void append_utf8(std::string& out, std::string_view utf8, std::size_t from, std::size_t to) {
    out.append(utf8.substr(from, to - from));
}

}  // namespace

Decoded decode(std::string_view utf8, Weight base) {
    Decoded out;
    out.codes.reserve(utf8.size());
    Weight now = base;
    int isolates = 0;
    for (std::size_t at = 0; at < utf8.size();) {
        if (isolates == 0 && utf8.substr(at, 2) == "**") {
            now = now == base ? Weight::bold : base;
            at += 2;
            continue;
        }
        const std::uint32_t code = next_code(utf8, at);
        if (opens_isolate(code)) ++isolates;
        if (closes_isolate(code) && isolates > 0) --isolates;
        out.codes.push_back(code);
        out.weights.push_back(now);
    }
    return out;
}

std::string plain(std::string_view utf8) {
    std::string out;
    out.reserve(utf8.size());
    int isolates = 0;
    for (std::size_t at = 0; at < utf8.size();) {
        if (isolates == 0 && utf8.substr(at, 2) == "**") {
            at += 2;
            continue;
        }
        const std::size_t from = at;
        const std::uint32_t code = next_code(utf8, at);
        if (opens_isolate(code)) {
            ++isolates;
        } else if (closes_isolate(code)) {
            if (isolates > 0) --isolates;
        } else if (code != soft_hyphen) {
            append_utf8(out, utf8, from, at);
        }
    }
    return out;
}

bool is_right_to_left(std::string_view language) {
    const std::string_view primary = language.substr(0, language.find('-'));
    constexpr std::array<std::string_view, 6> tags{"ar", "fa", "ps", "ckb", "ur", "he"};
    for (const std::string_view tag : tags) {
        if (primary == tag) return true;
    }
    return false;
}

}  // namespace text
