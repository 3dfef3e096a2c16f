// SPDX-License-Identifier: EUPL-1.2
// Makes an evidence bundle (bundle.hpp) from the database: needs no key that opens anything, so
// whoever exports learns nobody's name. Runs on the thread of the store. Norm: LR-83.
#pragma once

#include <optional>

#include "drivers/crypto/ec.hpp"
#include "drivers/port/clock.hpp"
#include "drivers/port/random.hpp"
#include "sync/backend/evidence/bundle.hpp"
#include "sync/backend/log/log_signer.hpp"
#include "sync/backend/store/store.hpp"

namespace backend {

struct EvidenceRequest {
    base::Uuid declaration;
    std::optional<std::string> catalogue;  ///< signed catalogue, put in as it is
};
struct EvidenceSigners {
    std::string issuer;                  ///< the backend's name; the log's origin
    const crypto::KeyPair& receipt_key;  ///< receipts, statuses, SHA256SUMS
    const LogSigner& log;                ///< the checkpoint
    port::Clock& clock;
    port::Random& random;
};
/// errors  those of collect_evidence; crypto_failed; message_too_large (catalogue).
base::Result<Bundle> export_evidence(Store& store, const EvidenceSigners& signers,
                                     const EvidenceRequest& request);

}  // namespace backend
