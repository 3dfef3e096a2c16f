// SPDX-License-Identifier: EUPL-1.2
// Which log of the backend counts: its name and who signs its checkpoints. Comes down signed (kind
// `log`) after a backend was restored from a backup, since a terminal must not believe that of the
// backend alone (journal::Journal::follow_log). Pure, any thread. Form, with 1 to 8 keys on P-256:
// {"schema":"freigabe-log-1","name":text,"keys":[JWK..]}
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/result.hpp"
#include "drivers/crypto/ec.hpp"

namespace downstream {

/// Longest name of a log, bytes: a URN in a checkpoint's first line.
inline constexpr std::size_t log_name_bytes_max = 255;

struct LogFile {
    std::string name;  ///< origin of the checkpoints, issuer of the receipts; 1..255 bytes
    std::vector<crypto::Point> keys;
};

/// errors  manifest_bad: form, an unknown member, a key that is none.
base::Result<LogFile> parse_log_file(std::string_view json);

}  // namespace downstream
