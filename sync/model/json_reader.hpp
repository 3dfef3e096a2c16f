// SPDX-License-Identifier: EUPL-1.2
// From JSON text to a tree, in one pass that stops at the first thing that is not allowed. The tree
// is nlohmann's; the reading is ours: its reader takes more than three times as long (16 us of a
// sealed record and not 5, a tenth of what it costs to take one in), learns of doubled keys and of
// depth by further passes only, and takes a zero byte for the end of the text. A fuzz target holds
// the two against each other. Pure, any thread. Norm: RFC 8259, Unicode 3.9 table 3-7.
#pragma once

#include <string_view>

#include "sync/model/json.hpp"

namespace model {

/// Reads a whole text, with or without a byte order mark in front.
/// errors  message_bad: "json" (syntax, invalid UTF-8, half a surrogate pair), "json key twice",
///         "json depth" (beyond limits::json_depth_max), "json number" (no double is that large or
///         that small).
base::Result<Json> read_json(std::string_view text);

}  // namespace model
