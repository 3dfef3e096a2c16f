// SPDX-License-Identifier: EUPL-1.2
// The proof that one record stands in a log, as a text that can be checked without the log and
// without us: index, hashes up to the root, and the signed checkpoint with that root. Pure, any
// thread. Norm: C2SP tlog-proof.
//
//   c2sp.org/tlog-proof@v1\nindex <n>\n<hash, base64>\n...\n\n<checkpoint>
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "drivers/base/result.hpp"
#include "sync/receipts/checkpoint.hpp"
#include "sync/receipts/merkle.hpp"

namespace receipts {

struct LogProof {
    std::uint64_t index = 0;
    Proof hashes;
    std::string checkpoint;  ///< the signed note
    friend bool operator==(const LogProof&, const LogProof&) = default;
};
[[nodiscard]] std::string to_text(const LogProof& proof);
/// Reads the form above; the `extra` line that the norm allows is refused, since we bind nothing to
/// it. errors: receipt_bad.
base::Result<LogProof> parse_log_proof(std::string_view text);
/// Verifies signature and hashes. keys: those that may sign, one of them must have.
/// returns  the checkpoint. errors: receipt_bad.
base::Result<Checkpoint> verify_log_proof(const LogProof& proof, const Hash& leaf,
                                          std::span<const crypto::Point> keys);

}  // namespace receipts
