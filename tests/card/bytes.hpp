// SPDX-License-Identifier: EUPL-1.2
// Byte strings and small files for the virtual card. On purpose not drivers/base: card and driver
// share no code, so that one mistake cannot hide on both sides of the wire. Pure, any thread.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace card {

using Bytes = std::vector<std::uint8_t>;
using View = std::span<const std::uint8_t>;

[[nodiscard]] Bytes to_bytes(View view);
[[nodiscard]] Bytes to_bytes(std::string_view text);
[[nodiscard]] std::string to_text(View view);
[[nodiscard]] Bytes join(std::initializer_list<View> parts);

/// Upper-case hex without blanks.
[[nodiscard]] std::string to_hex(View view);
/// Nothing if a character is no hex digit or the count is odd. Blanks and line ends are skipped.
[[nodiscard]] std::optional<Bytes> from_hex(std::string_view text);

/// Equal length and content; the time does not depend on where they differ.
[[nodiscard]] bool same(View left, View right);

/// Whole file, at most one megabyte.
[[nodiscard]] std::optional<Bytes> read_file(const std::string& path);
/// Replaces the file in one step (temporary name, then rename).
[[nodiscard]] bool write_file(const std::string& path, View content);

}  // namespace card
