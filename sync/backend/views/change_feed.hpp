// SPDX-License-Identifier: EUPL-1.2
// Follows the views and writes down, for each authority, what has changed for it: received,
// withdrawn, suspended, an objection, a resumed or an expired release. Each change has the next
// number of that authority, without a gap, and a signed token; it is written once, however often
// the log is walked and whoever walks it. Expiry is no event of the log: it is told when the day is
// over, and its moment is the end of that day, whenever the backend gets to it. Runs on the thread
// of its store. Norm: RFC 8417 (SET); domain LR-20; architecture.md 4.
#pragma once

#include "drivers/port/clock.hpp"
#include "sync/backend/log/receipts.hpp"
#include "sync/backend/store/store.hpp"

namespace backend {

class ChangeFeed {
  public:
    struct Parts {
        Store& store;
        const ReceiptIssuer& issuer;
        port::Clock& clock;
    };
    explicit ChangeFeed(Parts parts) : parts_(parts) {}

    /// Takes the next log entries that the views have filed, at most projection_step_items_max.
    /// returns  how many were taken; 0 = up to date. errors: crypto_failed and those of the store.
    base::Result<std::size_t> step();
    /// Tells of releases whose last day is over, at most projection_step_items_max, of those that
    /// step() has told as received. returns  how many were looked at; 0 = none is left.
    base::Result<std::size_t> expire();
    /// Both until up to date, or until somebody else would wait too long.
    base::Result<void> catch_up();
    static constexpr unsigned catch_up_steps_max = 10;

  private:
    Parts parts_;
};

}  // namespace backend
