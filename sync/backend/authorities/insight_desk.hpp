// SPDX-License-Identifier: EUPL-1.2
// What is known about one person, from every authority of this backend: how complete each one's
// part is, the person's declarations from all terminals with what became of them, what authorities
// ask for, and who used or passed on what. It is put together for one answer and kept nowhere. Only
// an instance with the authorities' secrets can do it. Runs on the thread of its store.
// Norm: domain LR-41, LR-42, LR-44.
#pragma once

#include <vector>

#include "drivers/port/clock.hpp"
#include "sync/backend/authorities/directory.hpp"
#include "sync/backend/store/store.hpp"
#include "sync/receipts/insight.hpp"

namespace backend {

class InsightDesk {
  public:
    struct Parts {
        Store& store;
        const Directory& directory;
        port::Clock& clock;
    };
    explicit InsightDesk(Parts parts) : parts_(parts) {}

    /// All rows, at most limits::insight_rows_max: sources by id, releases in the order of the log,
    /// then requests for access, wishes, accesses newest first. What comes in meanwhile can move a
    /// row to the next page and show it twice, never hide one. errors  those of the store.
    base::Result<std::vector<receipts::InsightRow>> rows(const model::SubjectRef& subject) const;

  private:
    using InsightRows = std::vector<receipts::InsightRow>;
    base::Result<void> add_sources(const model::SubjectRef& subject, InsightRows& out) const;
    base::Result<void> add_releases(const model::SubjectRef& subject, InsightRows& out) const;
    base::Result<void> add_demands(const model::SubjectRef& subject, InsightRows& out) const;
    base::Result<void> add_wishes(const model::SubjectRef& subject, InsightRows& out) const;
    base::Result<void> add_accesses(const model::SubjectRef& subject, InsightRows& out) const;

    Parts parts_;
};

}  // namespace backend
