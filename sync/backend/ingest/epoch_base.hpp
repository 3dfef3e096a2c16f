// SPDX-License-Identifier: EUPL-1.2
// What a new epoch continues. Apart from ingest.cpp, because the state may depend on it and must
// not depend on what came first (I10): an epoch waits until the record that it names stands on its
// chain, so every pair of records is judged with the whole chain behind it. Whoever wrote that
// record has it, sends it first, and sends it again to a backend that lacks it. Only inside a
// transaction of the caller that holds the terminal's row. Norm: architecture.md 4.
#pragma once

#include "sync/backend/ingest/event.hpp"
#include "sync/backend/store/store.hpp"

namespace backend {

enum class Continues : std::uint8_t {
    nothing,  ///< the first record names none
    stored,   ///< the one that it names stands on a chain
    awaited,  ///< it may still come: nothing is stored before it
    refused,  ///< it contradicts a chain, and so does whatever continues it
};
struct EpochStart {
    Continues continues = Continues::nothing;
    std::uint32_t base_epoch = 0;  ///< of a stored one
    std::uint64_t base_seq = 0;
};
/// `first` is the first record of an epoch that has no chain yet.
/// errors  those of the store. cost: up to two statements, each over the terminal's records.
base::Result<EpochStart> epoch_start(Store& store, const Event& first);

}  // namespace backend
