// SPDX-License-Identifier: EUPL-1.2
// Which of several instances gives out places in the log. One row names a term and counts beats;
// the holder beats in each transaction that it sequences in. Whoever sees no beat for lease_ms_max
// of its own boot clock begins the next term: no two machines need to agree on the time. The term
// is checked in the transaction that writes (fencing), so a holder that was paused and comes back
// writes nothing. Runs on the thread of the store that it is given. Norm: sync.md "Chain and
// backend".
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "drivers/base/limits_backend.hpp"
#include "sync/backend/store/store.hpp"

namespace backend {

class Lease {
  public:
    using Holder = std::array<std::uint8_t, 16>;
    /// holder  names this instance in the row, for whoever looks; never compared.
    explicit Lease(const Holder& holder) : holder_(holder) {}

    /// Looks at the row and takes the lease if it is free or its holder has fallen silent.
    /// now_ms  boot clock. returns  true if this instance holds it now. errors: those of the store.
    base::Result<bool> tend(Store& store, std::uint64_t now_ms);
    [[nodiscard]] bool held() const { return term_.has_value(); }

    /// Inside the holder's transaction, before it writes: locks the row and beats. Whoever holds
    /// the row's lock keeps a new term from beginning until it has committed.
    /// errors  journal_locked: the term is over; then held() is false.
    base::Result<void> fence(Store& store);
    /// Gives the lease back, so that the next one need not wait. Harmless if it is not held.
    base::Result<void> release(Store& store);

  private:
    struct Beat {
        std::int64_t term = 0;
        std::int64_t beat = 0;
        friend bool operator==(const Beat&, const Beat&) = default;
    };

    Holder holder_;
    std::optional<std::int64_t> term_;  ///< ours
    std::optional<Beat> seen_;          ///< the last beat of somebody else
    std::uint64_t seen_ms_ = 0;         ///< when it was new
};

}  // namespace backend
