// SPDX-License-Identifier: EUPL-1.2
#include "sync/http/grammar.hpp"

#include <algorithm>

namespace http {
namespace {

bool is_alpha(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// pchar, '/' and '?' of RFC 3986 3.3 and 3.4, percent sign included.
bool is_target_char(char c) {
    constexpr std::string_view others = "-._~!$&'()*+,;=:@/?%";
    return is_alpha(c) || is_digit(c) || others.find(c) != std::string_view::npos;
}

/// True if the decoded path names exactly one thing, whoever reads it.
bool is_plain_path(std::string_view path) {
    if (path.empty() || path.front() != '/') return false;
    path.remove_prefix(1);
    while (!path.empty()) {
        const std::size_t slash = path.find('/');
        const std::string_view segment = path.substr(0, slash);
        if (segment.empty() || segment == "." || segment == "..") return false;
        if (slash == std::string_view::npos) break;
        path.remove_prefix(slash + 1);
    }
    return true;
}

bool encodes_structure(std::string_view raw) {
    for (std::size_t i = 0; i + 2 < raw.size(); ++i) {
        if (raw[i] != '%') continue;
        const auto high = hex_value(raw[i + 1]);
        const auto low = hex_value(raw[i + 2]);
        if (!high || !low) continue;  // percent_decode refuses it
        const unsigned byte = *high * 16 + *low;
        if (byte < 0x20 || byte == 0x7F || byte == '/' || byte == '\\') return true;
    }
    return false;
}

}  // namespace

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_token_char(char c) {
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return is_alpha(c) || is_digit(c) || others.find(c) != std::string_view::npos;
}

bool is_visible(char c) {
    return c > 0x20 && c < 0x7F;
}

bool is_obs_text(char c) {
    return static_cast<unsigned char>(c) >= 0x80;
}

char to_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

bool is_field_value(std::string_view text) {
    if (text.empty()) return true;
    if (!is_visible(text.front()) || !is_visible(text.back())) return false;
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return is_visible(c) || c == ' ' || c == '\t'; });
}

bool is_host(std::string_view text) {
    const auto allowed = [](char c) {
        return is_alpha(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == ':' ||
               c == '[' || c == ']';
    };
    return !text.empty() && text.size() <= 255 && std::all_of(text.begin(), text.end(), allowed);
}

bool equal_ignoring_case(std::string_view left, std::string_view right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](char a, char b) { return to_lower(a) == to_lower(b); });
}

std::optional<std::uint64_t> parse_decimal(std::string_view text) {
    if (text.empty()) return std::nullopt;
    std::uint64_t value = 0;
    for (const char c : text) {
        if (!is_digit(c)) return std::nullopt;
        const auto digit = static_cast<std::uint64_t>(c - '0');
        if (value > (UINT64_MAX - digit) / 10) return std::nullopt;
        value = value * 10 + digit;
    }
    return value;
}

std::optional<unsigned> hex_value(char c) {
    if (is_digit(c)) return static_cast<unsigned>(c - '0');
    const char lower = to_lower(c);
    if (lower >= 'a' && lower <= 'f') return static_cast<unsigned>(lower - 'a' + 10);
    return std::nullopt;
}

bool list_has(std::string_view list, std::string_view word) {
    while (true) {
        const std::size_t comma = list.find(',');
        std::string_view item = list.substr(0, comma);
        while (!item.empty() && (item.front() == ' ' || item.front() == '\t'))
            item.remove_prefix(1);
        while (!item.empty() && (item.back() == ' ' || item.back() == '\t')) item.remove_suffix(1);
        if (equal_ignoring_case(item, word)) return true;
        if (comma == std::string_view::npos) return false;
        list.remove_prefix(comma + 1);
    }
}

std::optional<Target> parse_target(std::string_view text) {
    if (!std::all_of(text.begin(), text.end(), is_target_char)) return std::nullopt;
    const std::size_t mark = text.find('?');
    const std::string_view raw_path = text.substr(0, mark);
    if (encodes_structure(raw_path)) return std::nullopt;
    auto path = percent_decode(raw_path);
    if (!path || !is_plain_path(*path)) return std::nullopt;
    Target target{std::move(*path), {}};
    if (mark != std::string_view::npos) target.query = std::string(text.substr(mark + 1));
    return target;
}

std::optional<RequestTarget> parse_request_target(std::string_view text) {
    if (text.starts_with('/')) {
        auto target = parse_target(text);
        if (!target) return std::nullopt;
        return RequestTarget{std::move(*target), std::nullopt};
    }
    const std::size_t colon = text.find("://");
    if (colon == std::string_view::npos) return std::nullopt;
    const std::string_view scheme = text.substr(0, colon);
    if (!equal_ignoring_case(scheme, "https") && !equal_ignoring_case(scheme, "http"))
        return std::nullopt;
    text.remove_prefix(colon + 3);
    const std::size_t end = std::min(text.find_first_of("/?"), text.size());
    const std::string_view authority = text.substr(0, end);
    if (!is_host(authority)) return std::nullopt;
    // An empty path is the root (RFC 9110 4.2.3).
    const std::string_view rest = text.substr(end);
    auto target = parse_target(rest.starts_with('/') ? rest : "/" + std::string(rest));
    if (!target) return std::nullopt;
    return RequestTarget{std::move(*target), std::string(authority)};
}

}  // namespace http
