// SPDX-License-Identifier: EUPL-1.2
// What still has to be pushed to an authority's webhook. The queue is the list of changes itself
// and one row that says how far it has been delivered, so nothing can be lost between the two, and
// a restart goes on where the last one stopped: every urgent change at least once, in order. A
// lease keeps two instances from pushing to one authority at a time. Runs on the thread of the
// store. Norm: RFC 8935 (push delivery of SETs).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sync/backend/store/store.hpp"

namespace backend {

/// One instance of the backend at one moment.
struct Holder {
    std::string name;  ///< unlike that of any other process
    std::uint64_t now_ms = 0;
};

struct Delivery {
    std::uint64_t n = 0;
    std::string token;
    unsigned attempts = 0;  ///< failed ones before
};
/// The oldest urgent change that is not delivered, if it is due, and the lease on this authority.
/// Nothing if there is none, it is not yet due, or somebody else is at it. Looking costs one read.
/// errors  those of the store.
base::Result<std::optional<Delivery>> next_delivery(Store& store, std::string_view authority,
                                                    const Holder& holder);

/// The receiver has it. errors: those of the store; then it will be sent again, with the same jti.
base::Result<void> delivered(Store& store, std::string_view authority, const Holder& holder,
                             std::uint64_t n);

/// Not delivered: tried again after `wait_ms`. errors: those of the store.
base::Result<void> postpone(Store& store, std::string_view authority, const Holder& holder,
                            std::uint64_t wait_ms);

/// The receiver says that it will never take this one: it is passed over, counted, and stays in the
/// list of changes. errors: those of the store.
base::Result<void> pass_over(Store& store, std::string_view authority, const Holder& holder,
                             std::uint64_t n);

/// Gives leases back at an orderly end, so that another instance need not wait for them.
base::Result<void> release_leases(Store& store, const Holder& holder);

}  // namespace backend
