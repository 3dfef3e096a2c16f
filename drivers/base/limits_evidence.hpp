// SPDX-License-Identifier: EUPL-1.2
// Bounds of an evidence bundle (sync/backend/evidence), which comes from outside when it is
// verified.
#pragma once

#include <cstddef>

namespace limits {

// A declaration has 16 recipients, and each can be ended by a few acts: 32 are usual, 256 is room
// for a person who takes back for years.
inline constexpr std::size_t evidence_records_max = 256;
// Seven files a record and seven beside them.
inline constexpr std::size_t evidence_files_max = evidence_records_max * 7 + 7;
// The largest is a catalogue (256 KiB, signed 350 KiB) or the headers between a record and the next
// signed head: 151 bytes each, 49 in a batch; a database of an earlier version kept only the newest
// head, and a chain of 50,000 records is a year of a busy terminal.
inline constexpr std::size_t evidence_file_bytes_max = 8U << 20U;
inline constexpr std::size_t evidence_links_max = 50'000;
static_assert(evidence_links_max * 151 <= evidence_file_bytes_max);
inline constexpr std::size_t evidence_name_bytes_max = 64;

}  // namespace limits
