// SPDX-License-Identifier: EUPL-1.2
// The list of readers as the driver writes it: names, each with a zero behind it, and one more
// zero. Checked as outside bytes, because a reader's driver makes it. Pure, any thread. Norm: PC/SC
// part 5 3.2.5 (multi-string).
#pragma once

#include <string>
#include <vector>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"

namespace pcsc {

/// errors  card_answer_bad: no terminating zeros, bytes behind them, more than limits::readers_max
///         names.
base::Result<std::vector<std::string>> parse_reader_list(base::ByteView bytes);

}  // namespace pcsc
