// SPDX-License-Identifier: EUPL-1.2
// A backend that came out of a backup and then heard another machine of our identity first: at the
// place of rows that it had acknowledged it has the other's, and refuses ours. Each row continues
// the one before it, so there is one last row that both have, and it is found by offering rows one
// by one: in growing steps back, then halving. Rows behind it go on in a new epoch (epochs.hpp).
// Private to this folder. One thread.
#pragma once

#include <cstdint>

#include "sync/journal/core.hpp"

namespace journal {

/// Has the row that this one continues (or the row, if it is the first one) its place in an epoch
/// up to the newest one in which somebody else has signed as us? errors: journal_io.
base::Result<bool> continues_contested(Core& core, std::uint64_t position);

/// end: the row behind the acknowledged ones. Copies of protective rows go ahead again meanwhile.
void begin_search(Core& core, std::uint64_t end);

/// The row to be offered next, alone. 0: no acknowledged row is refused, and the search is over.
/// errors: journal_io.
base::Result<std::uint64_t> wanted_for_search(Core& core);

/// The backend has refused the row that was offered (0 = none was). True once the search is over:
/// `refused` follows upon `common`, and was refused once more after that was known, since what
/// seems refused may have been a line that failed. errors: journal_io.
base::Result<bool> note_refused(Core& core, std::uint64_t position);

}  // namespace journal
