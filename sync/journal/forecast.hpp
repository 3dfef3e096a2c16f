// SPDX-License-Identifier: EUPL-1.2
// How long the journal still fits: measured growth, a day at a time, against the room that is left.
// Private to this folder. One thread.
#pragma once

#include <cstdint>
#include <optional>

#include "sync/journal/core.hpp"

namespace journal {

struct Room {
    std::uint64_t used_bytes = 0;  ///< of the file, without pages that are free to be used again
    std::uint64_t left_bytes = 0;  ///< until the bound of Options or the end of the disk
    /// Nothing: it has not grown in the last weeks, or was watched for less than a day.
    std::optional<std::uint32_t> days_until_full;
};
/// errors  journal_io.
base::Result<Room> measure_room(Core& core);

/// Writes down today's size, once a day, inside the caller's transaction; keeps the newest days.
base::Result<void> note_size(Core& core);

}  // namespace journal
