// SPDX-License-Identifier: EUPL-1.2
// Epochs: where a chain goes on under a new number. It does so under a new key, by configuration,
// or because somebody else has written under our identity: a disk that came out of a backup, or a
// copy of this machine. Private to this folder. One thread.
#pragma once

#include <cstdint>
#include <string>

#include "sync/journal/core.hpp"

namespace journal {

/// Numbers are stored: never reuse one.
enum class EpochReason : std::uint8_t { first = 0, chosen = 1, foreign_head = 2 };

/// Is there a head of ours that we did not make?
struct Identity {
    /// One in the epoch of the next unsent row (without one: in the present epoch) or a later one:
    /// the backend will not take that row.
    bool in_doubt = false;
    /// A new epoch was begun for that before, and there is another one: no backup does that, but a
    /// second machine. Ends with a new key.
    bool cloned = false;
};
/// errors  journal_io.
base::Result<Identity> read_identity(Core& core);

/// Goes on under this number, from the last row. key_change: the statement by which the journal key
/// changes with it; empty = the same key. errors: journal_io, journal_full.
base::Result<void> begin_epoch(Core& core, std::uint32_t epoch, std::string_view key_change);

/// Goes on under a number above every one that is in use, from the last row that the backend has
/// acknowledged; rows behind it are chained anew there with the same content, and give theirs up.
/// errors  journal_io, journal_full, those of signing, identity_cloned (no number is left).
base::Result<void> begin_epoch_after_doubt(Core& core);
/// The same from this row (0 = from none), for a backend that does not have the last one that it
/// has acknowledged: acknowledged rows behind it are chained anew, too.
base::Result<void> begin_epoch_behind(Core& core, std::uint64_t base_position);

}  // namespace journal
