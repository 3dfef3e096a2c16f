// SPDX-License-Identifier: EUPL-1.2
// Members of a query, read the same way at every route: unknown ones are passed over, a known one
// that stands twice or is malformed is refused. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "drivers/base/result.hpp"
#include "sync/http/message.hpp"

namespace backend {

/// Nothing if there is no such member. errors: message_bad (twice, or not percent-encoded text).
base::Result<std::optional<std::string>> query_text(const http::Request& request,
                                                    std::string_view name);

/// A number of at most `value_max`, 0 if there is no such member. errors: message_bad (no number,
/// an empty one, beyond the bound, twice).
base::Result<std::uint64_t> query_number(const http::Request& request, std::string_view name,
                                         std::uint64_t value_max = INT64_MAX);

}  // namespace backend
