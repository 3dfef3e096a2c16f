// SPDX-License-Identifier: EUPL-1.2
// News for terminals: what an authority did with a declaration, signed and numbered per terminal,
// so that a terminal asks "what is new after n" and misses nothing. Adding is part of the caller's
// transaction. Norm: RFC 8417; statuses of architecture.md 3.
#pragma once

#include <string>
#include <vector>

#include "sync/backend/log/receipts.hpp"

namespace backend {

/// Writes down a status of one declaration at one authority and tells its terminal. Nothing happens
/// if the same status stands already. What replaces what: "received" nothing, "acknowledged" only
/// "received"; of the others the last word counts, and each is told in its turn. returns  true if
/// it was new. errors: crypto_failed and those of the store.
base::Result<bool> add_status(Store& store, const ReceiptIssuer& issuer, const base::Uuid& terminal,
                              const receipts::Applied& status);

/// Tells a terminal without writing a status down: what no authority said. Each call is one event.
/// errors: crypto_failed and those of the store.
base::Result<void> add_event(Store& store, const ReceiptIssuer& issuer, const base::Uuid& terminal,
                             const receipts::Applied& status);

struct TerminalEvent {
    std::uint64_t number = 0;
    std::string set;
};
/// The events of a terminal with a number above `after`, ascending. At most events_page_max.
base::Result<std::vector<TerminalEvent>> events_after(Store& store, const base::Uuid& terminal,
                                                      std::uint64_t after);

}  // namespace backend
