// SPDX-License-Identifier: EUPL-1.2
// A batch before it comes near the database: parsed, its links checked, its head and its content
// verified, so that the signature covers every byte. Norm: sync.md "Chain and backend", step 1 of
// the ingest transaction.
#pragma once

#include <future>
#include <memory>
#include <string_view>
#include <vector>

#include "drivers/crypto/ec.hpp"
#include "sync/backend/ingest/event.hpp"
#include "sync/backend/store/store.hpp"
#include "sync/model/batch.hpp"
#include "sync/seal/chain.hpp"

namespace backend {

/// The keys that may sign for this chain.
/// errors  peer_not_allowed (there is none: not enrolled), and those of the store.
base::Result<std::vector<crypto::Point>> signing_keys(Store& store, const base::Uuid& terminal,
                                                      std::uint32_t epoch);
/// A head that verifies under one of the keys. errors: message_bad, signature_bad.
base::Result<seal::Head> verified_head(std::string_view jws,
                                       const std::vector<crypto::Point>& keys);

struct CheckedBatch {
    std::shared_ptr<const model::Batch> batch;
    std::vector<Event> events;  ///< of all records, at least one, each linked to the one before
    /// Whether the head is one of the terminal's and the content is that of the headers. This takes
    /// as long as a fifth of the transaction, so it is done on a thread of its own while the
    /// records are read and the database works. Until it has succeeded nothing of the batch may
    /// become durable, and nothing be said about it.
    /// errors  message_bad, signature_bad, record_bad.
    std::shared_future<base::Result<void>> verified;
};

/// errors  message_bad (JSON, or its parts do not fit together), record_bad, peer_not_allowed (the
///         terminal is not enrolled, or the body is another's), and those of the store.
/// cost    one ECDSA verification, four SHA-256 a record.
base::Result<CheckedBatch> check_batch(Store& store, const base::Uuid& terminal,
                                       std::string_view body);

}  // namespace backend
