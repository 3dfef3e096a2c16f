// SPDX-License-Identifier: EUPL-1.2
// Checks an evidence bundle with nothing but public keys that came another way: every signature,
// hash, link and proof, and the rule itself, worked out anew from the records. Pure, any thread.
// Norm: LR-83.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "drivers/crypto/ec.hpp"
#include "sync/backend/evidence/bundle.hpp"
#include "sync/receipts/receipt.hpp"
#include "sync/seal/jws.hpp"

namespace backend {

struct EvidenceKeys {
    std::vector<crypto::Point> receipts;  ///< the receipt key, and those before it
    std::vector<crypto::Point> log;       ///< who may sign checkpoints; empty = the receipt keys
    /// Journal keys of terminals, kid = terminal. Of a terminal that is not among them the key in
    /// the bundle counts, for which then only the backend vouches.
    std::vector<seal::NamedKey> journal;
};

struct EvidenceRecord {
    model::Header header;
    model::Scopes scopes;
    receipts::Hash leaf{};
    std::uint64_t log_index = 0;
    bool on_chain = true;
    bool has_receipt = false;
    bool terminal_key_given = false;  ///< its key came another way
};

struct EvidenceReport {
    About about;
    std::vector<EvidenceRecord> records;
    std::vector<EvidenceEffect> effects;
    std::vector<receipts::Applied> statuses;
    bool has_catalogue = false;
};

/// errors  record_bad, receipt_bad, signature_bad or message_bad; `where` says which check failed,
/// `detail` in which record (0 = none).
base::Result<EvidenceReport> verify_evidence(const Bundle& bundle, const EvidenceKeys& keys);

}  // namespace backend
