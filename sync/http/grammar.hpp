// SPDX-License-Identifier: EUPL-1.2
// The character classes and small numbers of HTTP, used by parser, writer and client alike.
// Pure, any thread. Norm: RFC 9110 5.6, RFC 9112, RFC 3986.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sync/http/message.hpp"

namespace http {

[[nodiscard]] bool is_digit(char c);
/// tchar of RFC 9110 5.6.2.
[[nodiscard]] bool is_token_char(char c);
/// Visible ASCII.
[[nodiscard]] bool is_visible(char c);
/// A byte 80..FF: allowed in field values, and opaque (RFC 9110 5.5).
[[nodiscard]] bool is_obs_text(char c);
[[nodiscard]] char to_lower(char c);

/// One or more token characters.
[[nodiscard]] bool is_token(std::string_view text);
/// Field value of our subset: visible ASCII, blanks and tabs, none of them at the ends.
[[nodiscard]] bool is_field_value(std::string_view text);
/// A host name, IPv4 or bracketed IPv6 address, with or without port: no user, no path, no blank.
[[nodiscard]] bool is_host(std::string_view text);
/// True if both are equal when upper and lower case of ASCII are not told apart.
[[nodiscard]] bool equal_ignoring_case(std::string_view left, std::string_view right);

/// 1*DIGIT as an integer; nothing if empty, another character, or beyond 64 bits.
[[nodiscard]] std::optional<std::uint64_t> parse_decimal(std::string_view text);
/// One hex digit; nothing if it is none.
[[nodiscard]] std::optional<unsigned> hex_value(char c);

/// Splits "a, b" at commas and says whether `word` is one of the items, ignoring case (for
/// Connection).
[[nodiscard]] bool list_has(std::string_view list, std::string_view word);

struct Target {
    std::string path;   ///< decoded
    std::string query;  ///< raw
};
/// Reads a request target in origin form. Nothing if it does not begin with '/', has a foreign
/// character, a dot segment or an empty inner segment, or encodes a slash, a backslash or a control
/// character: the decoded path is then as unambiguous as the raw one.
[[nodiscard]] std::optional<Target> parse_target(std::string_view text);

/// A request target in origin form or in absolute form (RFC 9112 3.2.1, 3.2.2).
struct RequestTarget {
    Target target;
    std::optional<std::string> authority;  ///< host and port, of an absolute form
};
/// Reads either form; the bounds of parse_target hold for the path. Nothing if the scheme is not
/// http or https, or the authority is no is_host.
[[nodiscard]] std::optional<RequestTarget> parse_request_target(std::string_view text);

}  // namespace http
