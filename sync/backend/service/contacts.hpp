// SPDX-License-Identifier: EUPL-1.2
// When each terminal was last heard of and how far its clock was ahead, for metrics. Kept in memory
// and written once a minute in one transaction, so that a question costs no disk write. A crash
// loses a minute of it; nothing depends on it. One thread.
#pragma once

#include <cstdint>
#include <map>

#include "drivers/base/uuid.hpp"
#include "sync/backend/store/store.hpp"

namespace backend {

class Contacts {
  public:
    static constexpr std::uint64_t write_ms = 60'000;

    /// A request of this terminal; ahead_ms of its clock only where one was seen.
    void seen(const base::Uuid& terminal, std::uint64_t now_ms);
    void clock(const base::Uuid& terminal, std::uint64_t ahead_ms);
    /// Writes what is new if a minute has passed. errors: those of the store; tried again later.
    base::Result<void> write_if_due(Store& store, std::uint64_t now_ms);
    base::Result<void> write(Store& store, std::uint64_t now_ms);

  private:
    base::Result<void> write_all(Store& store) const;

    struct Contact {
        std::uint64_t at_ms = 0;
        std::uint64_t ahead_ms = 0;
        bool clock_seen = false;
    };
    std::map<base::Uuid, Contact> fresh_;
    std::uint64_t written_ms_ = 0;
};

}  // namespace backend
