// SPDX-License-Identifier: EUPL-1.2
// Which characters a text of a record may have. Pure, any thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace model {

/// Well-formed UTF-8 (no surrogates, no overlong forms), Unicode 3.9 table 3-7.
[[nodiscard]] bool is_utf8(std::string_view text);
/// 1..bytes_max bytes of UTF-8 without control characters (C0, DEL, C1).
[[nodiscard]] bool is_line(std::string_view text, std::size_t bytes_max);
/// 1..64 characters of A-Z a-z 0-9 . _ -
[[nodiscard]] bool is_id(std::string_view text);
/// 2..35 characters of A-Z a-z 0-9 - : the characters of BCP 47.
[[nodiscard]] bool is_language(std::string_view text);
/// "YYYY-MM-DD" where year, month or day may be spaces.
[[nodiscard]] bool is_birth_date(std::string_view text);

}  // namespace model
