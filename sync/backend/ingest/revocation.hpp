// SPDX-License-Identifier: EUPL-1.2
// Taking a terminal out of service for ever: stolen, lost, sold. Nothing that it had handed in
// changes. What it sends from then on is nobody's grant, but a withdrawal or objection in it is
// kept and counts: a citizen may have stood before it, and to take back wrongly does less harm than
// to miss it. A device that comes back gets a new UUID. Runs on the thread of the store.
#pragma once

#include <string>

#include "drivers/base/uuid.hpp"
#include "sync/backend/store/store.hpp"

namespace backend {

struct Revocation {
    base::Uuid terminal;
    std::string reason;  ///< for the operator's own records, 1..limits::site_bytes_max; never sent
    std::uint64_t at_ms = 0;
};
/// Holds for every request that begins afterwards, on every instance; open invitations of the
/// terminal are void. Revoking twice keeps the first time and reason.
/// errors  config_bad (not enrolled, no reason) and those of the store.
base::Result<void> revoke(Store& store, const Revocation& revocation);

/// False also for a terminal that was never enrolled.
base::Result<bool> is_revoked(Store& store, const base::Uuid& terminal);

}  // namespace backend
