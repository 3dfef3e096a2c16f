// SPDX-License-Identifier: EUPL-1.2
// Compressed texts of a card, with a bound on what they may grow to. The one place that knows zlib.
// Pure, any thread. Norm: RFC 1951 (DEFLATE, no header around it), as TR-03110-4 2.2.3.1 wants it.
#pragma once

#include <cstddef>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"

namespace eid {

/// returns  0..bytes_max bytes.
/// errors   data_group_bad: no whole DEFLATE stream, bytes behind it, or more than bytes_max.
base::Result<base::Bytes> inflate(base::ByteView compressed, std::size_t bytes_max);

}  // namespace eid
