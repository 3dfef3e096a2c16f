// SPDX-License-Identifier: EUPL-1.2
// UUID version 7 (RFC 9562 5.7): the id of declarations, batches and terminals. Time and random
// bytes come from outside, so that this stays pure and tests can repeat a run. Any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "drivers/base/bytes.hpp"
#include "drivers/base/strong.hpp"

namespace base {

using Uuid = Strong<struct UuidTag, std::array<std::uint8_t, 16>>;

/// A version 7 UUID of this Unix time in milliseconds (48 bits are used) and 10 random bytes.
[[nodiscard]] Uuid make_uuid7(std::uint64_t unix_ms, const std::array<std::uint8_t, 10>& random);
/// 36 characters, lower case, with hyphens.
[[nodiscard]] std::string to_text(const Uuid& uuid);
/// Reads exactly the form that to_text writes (upper case is accepted); any version.
[[nodiscard]] std::optional<Uuid> parse_uuid(std::string_view text);

}  // namespace base
