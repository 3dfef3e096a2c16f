// SPDX-License-Identifier: EUPL-1.2
// What happens on threads of their own and an operator watches: counted there, read on the server's
// thread (metrics.hpp).
#pragma once

#include <atomic>
#include <cstdint>

namespace backend {

struct Background {
    std::atomic<std::uint64_t> webhooks_sent = 0;    ///< taken by their receivers
    std::atomic<std::uint64_t> webhooks_failed = 0;  ///< attempts that were not
    std::atomic<std::uint64_t> leases_lost = 0;      ///< the sequencer's, to another instance
};

}  // namespace backend
