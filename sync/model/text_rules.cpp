// SPDX-License-Identifier: EUPL-1.2
// Which characters a text of a record may have.
#include "sync/model/text_rules.hpp"

#include <algorithm>
#include <cstdint>

namespace model {
namespace {

struct Sequence {
    std::size_t bytes = 0;  ///< 0: not well-formed
    std::uint32_t code_point = 0;
};

Sequence next_sequence(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t first = byte(0);
    if (first < 0x80) return {1, first};
    std::size_t size = 0;
    std::uint32_t code_point = 0;
    std::uint32_t smallest = 0;
    if ((first & 0xE0U) == 0xC0) {
        size = 2, code_point = first & 0x1FU, smallest = 0x80;
    } else if ((first & 0xF0U) == 0xE0) {
        size = 3, code_point = first & 0x0FU, smallest = 0x800;
    } else if ((first & 0xF8U) == 0xF0) {
        size = 4, code_point = first & 0x07U, smallest = 0x1'0000;
    }
    if (size == 0 || text.size() < size) return {};
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xC0U) != 0x80) return {};
        code_point = code_point << 6U | (byte(i) & 0x3FU);
    }
    const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
    if (code_point < smallest || code_point > 0x10'FFFF || surrogate) return {};
    return {size, code_point};
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_printable_ascii(char c) {
    return c >= 0x20 && c < 0x7F;
}
bool is_alphanumeric(char c) {
    return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/// All digits or all spaces.
bool is_known_or_blank(std::string_view part) {
    return std::all_of(part.begin(), part.end(), is_digit) ||
           std::all_of(part.begin(), part.end(), [](char c) { return c == ' '; });
}

}  // namespace

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const std::size_t bytes = next_sequence(text).bytes;
        if (bytes == 0) return false;
        text.remove_prefix(bytes);
    }
    return true;
}

bool is_line(std::string_view text, std::size_t bytes_max) {
    if (text.empty() || text.size() > bytes_max) return false;
    while (true) {
        // Sealed texts, the longest by far, are nothing else.
        const auto* const other = std::ranges::find_if_not(text, is_printable_ascii);
        text.remove_prefix(static_cast<std::size_t>(other - text.begin()));
        if (text.empty()) return true;
        const Sequence sequence = next_sequence(text);
        const std::uint32_t c = sequence.code_point;
        if (sequence.bytes == 0 || c < 0x20 || (c >= 0x7F && c <= 0x9F)) return false;
        text.remove_prefix(sequence.bytes);
    }
}

bool is_id(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return is_alphanumeric(c) || c == '.' || c == '_' || c == '-';
    });
}

bool is_language(std::string_view text) {
    return text.size() >= 2 && text.size() <= 35 &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return is_alphanumeric(c) || c == '-'; });
}

bool is_birth_date(std::string_view text) {
    return text.size() == 10 && text[4] == '-' && text[7] == '-' &&
           is_known_or_blank(text.substr(0, 4)) && is_known_or_blank(text.substr(5, 2)) &&
           is_known_or_blank(text.substr(8, 2));
}

}  // namespace model
