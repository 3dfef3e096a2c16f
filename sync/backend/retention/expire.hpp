// SPDX-License-Identifier: EUPL-1.2
// Rows with a period of their own: what authorities reported and asked for, links of portals, files
// of people who never gave a release, messages to terminals, spent invitations. A bounded step of
// retention.hpp's purge, inside its transaction.
#pragma once

#include <cstdint>

#include "drivers/base/result.hpp"
#include "sync/backend/store/store.hpp"

namespace backend {

struct Expiry {
    std::uint64_t now_ms = 0;
    std::uint64_t evidence_before_ms = 0;  ///< the evidence period ago
};
struct Expired {
    std::uint64_t accesses = 0;  ///< reports of accesses
    std::uint64_t requests = 0;  ///< requests for a release
    std::uint64_t links = 0;     ///< portal accounts, unused codes, slips and files
    std::uint64_t messages = 0;  ///< K5: to terminals, and spent invitations
    bool more = false;           ///< a bound was reached
};
/// errors  those of the store.
base::Result<Expired> expire(Store& store, const Expiry& expiry);

}  // namespace backend
