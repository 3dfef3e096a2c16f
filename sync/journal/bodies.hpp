// SPDX-License-Identifier: EUPL-1.2
// The two bodies that leave the journal, made in one place so that they are the same bytes whatever
// way they travel. Private to this folder; one thread.
#pragma once

#include <string>

#include "sync/journal/core.hpp"

namespace journal {

/// Where the next batch behind a position begins: at the first unsent row there, or before it at
/// the first one that the backend has lost; 0 = nowhere.
base::Result<std::uint64_t> first_to_send(Core& core, std::uint64_t behind);
struct BatchBody {
    std::string text;
    std::size_t records = 0;
};
/// The batch that begins with the row at `position`, which exists.
base::Result<BatchBody> batch_body(Core& core, std::uint64_t position, std::size_t records_max);
/// Advance copies of unsent protective acts at positions above `behind` that no batch begins with
/// anyway; empty if there are none.
base::Result<std::string> advance_body(Core& core, std::uint64_t behind);

}  // namespace journal
