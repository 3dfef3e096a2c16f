// SPDX-License-Identifier: EUPL-1.2
// PEM, see pem.hpp.
#include "drivers/pki/pem.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "drivers/base/encoding.hpp"

namespace pki {

namespace {

/// base64url and base64 differ in two characters and in the padding.
std::string base64(base::ByteView bytes) {
    std::string text = base::to_base64url(bytes);
    std::replace(text.begin(), text.end(), '-', '+');
    std::replace(text.begin(), text.end(), '_', '/');
    while (text.size() % 4 != 0) text.push_back('=');
    return text;
}

constexpr std::string_view begin_mark = "-----BEGIN ";
constexpr std::string_view end_mark = "-----END ";
constexpr std::string_view label_end = "-----";

std::optional<base::Bytes> from_base64(std::string_view body) {
    std::string text;
    for (const char c : body) {
        if (c == '\n' || c == '\r' || c == ' ' || c == '\t') continue;
        text.push_back(c == '+' ? '-' : c == '/' ? '_' : c);
    }
    if (text.size() % 4 != 0) return std::nullopt;
    for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.pop_back();
    return base::from_base64url(text);
}

}  // namespace

std::string to_pem(std::string_view label, base::ByteView der) {
    constexpr std::size_t line_chars = 64;
    const std::string body = base64(der);
    std::string out = "-----BEGIN " + std::string(label) + "-----\n";
    for (std::size_t at = 0; at < body.size(); at += line_chars) {
        out += body.substr(at, line_chars) + "\n";
    }
    out += "-----END " + std::string(label) + "-----\n";
    return out;
}

std::vector<base::Bytes> from_pem(base::ByteView bytes) {
    std::string_view text = base::as_text(bytes);
    std::vector<base::Bytes> blocks;
    for (;;) {
        const std::size_t begin = text.find(begin_mark);
        if (begin == std::string_view::npos) return blocks;
        text.remove_prefix(begin + begin_mark.size());
        const std::size_t body = text.find(label_end);
        if (body == std::string_view::npos) return {};
        text.remove_prefix(body + label_end.size());
        const std::size_t end = text.find(end_mark);
        if (end == std::string_view::npos) return {};
        auto block = from_base64(text.substr(0, end));
        if (!block || block->empty()) return {};
        blocks.push_back(std::move(*block));
        text.remove_prefix(end);
    }
}

bool is_pem(base::ByteView bytes) {
    return base::as_text(bytes).find(begin_mark) != std::string_view::npos;
}

}  // namespace pki
