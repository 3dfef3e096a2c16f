// SPDX-License-Identifier: EUPL-1.2
// Base64 with padding, as signed notes and proofs of transparency logs use it; JOSE's form is in
// drivers/base/encoding.hpp. Strict: one text for each byte string. Pure, any thread.
// Norm: RFC 4648 4.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "drivers/base/bytes.hpp"

namespace receipts {

[[nodiscard]] std::string to_base64(base::ByteView bytes);
/// Nothing for an empty text, a foreign character, missing padding or unused bits that are set.
[[nodiscard]] std::optional<base::Bytes> from_base64(std::string_view text);

}  // namespace receipts
