// SPDX-License-Identifier: EUPL-1.2
// Text forms of bytes: hexadecimal (RFC 4648 8, lower case written, both read) and base64url
// without padding (RFC 4648 5, as JOSE uses it). Strict readers: no whitespace, no padding, no
// trailing bits. Pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "drivers/base/bytes.hpp"

namespace base {

[[nodiscard]] std::string to_hex(ByteView bytes);
/// Nothing if the length is odd or a character is not a hex digit.
[[nodiscard]] std::optional<Bytes> from_hex(std::string_view text);

[[nodiscard]] std::string to_base64url(ByteView bytes);
/// Nothing if a character is foreign, padding is present or unused bits are not zero, so that
/// each byte string has exactly one text.
[[nodiscard]] std::optional<Bytes> from_base64url(std::string_view text);

}  // namespace base
