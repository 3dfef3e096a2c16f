// SPDX-License-Identifier: EUPL-1.2
// Taking records in, exactly once: the batch that continues a chain, and advance copies of
// protective acts that ran ahead. A call that succeeded is durable; only then may its sender be
// told. Runs on the thread of the store. Norm: sync.md "Chain and backend", the eight steps of the
// ingest transaction; I4 I6 I7.
#pragma once

#include <string_view>

#include "sync/backend/ingest/event.hpp"
#include "sync/backend/store/store.hpp"

namespace backend {

enum class BatchVerdict : std::uint8_t {
    stored,   ///< everything in it is durable, be it now or since an earlier delivery
    gap,      ///< it starts behind next_seq, or before what its epoch continues; nothing was stored
    fork,     ///< it contradicts the chain; kept in quarantine, its protective acts count
    revoked,  ///< the terminal is out of service; what is new went the way of a fork
};
/// What the new records of one call say about delays and clocks; zero = nothing was new.
struct RecordTimes {
    std::uint64_t oldest_wall_ms = 0;
    std::uint64_t newest_wall_ms = 0;
    bool behind = false;  ///< a clock stood before the signed time that its terminal knew
};
struct BatchOutcome {
    BatchVerdict verdict = BatchVerdict::stored;
    Place from;                  ///< first record of the batch
    std::uint64_t to = 0;        ///< last record of the batch
    std::uint64_t next_seq = 1;  ///< what this chain needs next
    bool base_missing = false;   ///< a gap, because the record that this epoch names is not here
    std::size_t added = 0;
    std::size_t unusable = 0;      ///< stored, but their scopes contradict themselves
    std::size_t contradicted = 0;  ///< advance copies that were another record than the chain's
    RecordTimes times;
};

/// Takes one batch body of this terminal.
/// errors  message_bad (JSON, or its parts do not fit together), record_bad, signature_bad (head),
/// peer_not_allowed (the
///         terminal is not enrolled, or the body is another's), busy, journal_full, journal_io.
/// cost    one ECDSA verification, four SHA-256 a record, one transaction.
base::Result<BatchOutcome> ingest_batch(Store& store, const base::Uuid& terminal,
                                        std::string_view body);

struct AdvanceOutcome {
    /// The places and leaves to give receipts for, in the order of the body.
    std::vector<std::pair<Place, Hash>> accepted;
    std::size_t added = 0;
    std::size_t forks = 0;
    RecordTimes times;
    bool revoked = false;  ///< out of service: what is new is in quarantine, and no receipt is due
};
/// Takes one body of advance copies. Each copy bears its own signed head; only protective acts may
/// run ahead. errors  as ingest_batch.
base::Result<AdvanceOutcome> ingest_advance(Store& store, const base::Uuid& terminal,
                                            std::string_view body);

}  // namespace backend
