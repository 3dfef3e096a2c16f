// SPDX-License-Identifier: EUPL-1.2
// Files of several DER objects, one behind the other: a fleet's certificates as they come down.
// Apart from tlv.hpp because a file of two megabytes has other bounds than a card's. Pure, any
// thread.
#pragma once

#include <vector>

#include "drivers/apdu/tlv.hpp"

namespace apdu {

/// The objects in order, at least one; views into `bytes`.
/// errors  card_answer_bad: malformed, empty, something behind the last, more than count_max.
base::Result<std::vector<base::ByteView>> split_bundle(base::ByteView bytes, std::size_t count_max);

}  // namespace apdu
