// SPDX-License-Identifier: EUPL-1.2
// Follows the log and files each declaration under the authorities it names: ids, entry, dates and
// handles, no name and no birth date. Tells terminals that an authority has received something.
// Several instances may run it at once: a step that somebody else has done is dropped. Runs on the
// thread of its store. Norm: architecture.md 1 (only views holds a key) and 4 (the person).
#pragma once

#include "sync/backend/authorities/directory.hpp"
#include "sync/backend/log/receipts.hpp"
#include "sync/backend/views/opener.hpp"

namespace backend {

class Projector {
  public:
    struct Parts {
        Store& store;
        const Opener& opener;
        const Directory& directory;
        const ReceiptIssuer& issuer;
        port::Clock& clock;
    };
    explicit Projector(Parts parts) : parts_(parts) {}

    /// Takes the next log entries, at most projection_step_items_max.
    /// returns  how many were taken; 0 = up to date. errors: those of the store.
    base::Result<std::size_t> step();
    /// Steps until up to date, or until somebody else has to wait too long: after a long outage a
    /// request is answered with what is filed so far. That is safe, since withdrawals take effect
    /// at ingest and what is missing are grants.
    base::Result<void> catch_up();
    /// At 50 records a step and 2 ms each this is a second of opening.
    static constexpr unsigned catch_up_steps_max = 10;

  private:
    Parts parts_;
};

}  // namespace backend
