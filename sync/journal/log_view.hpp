// SPDX-License-Identifier: EUPL-1.2
// The backend's log as this terminal has verified it last, and the place where what contradicts it
// is kept. Private to this folder. One thread.
#pragma once

#include <string>
#include <string_view>

#include "sync/journal/core.hpp"
#include "sync/receipts/checkpoint.hpp"

namespace journal {

struct Held {
    std::string note;  ///< empty = none yet
    receipts::Checkpoint checkpoint;
};
/// errors  journal_io, receipt_bad (the file was changed).
base::Result<Held> read_held(Core& core);

/// Keeps two signed messages of the backend that cannot both be true, inside the caller's
/// transaction, and raises the alarm. Of each alarm only the first sixteen are kept.
base::Result<void> add_log_conflict(Core& core, std::string_view held, std::string_view offered);

}  // namespace journal
