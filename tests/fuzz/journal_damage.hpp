// SPDX-License-Identifier: EUPL-1.2
// A small whole journal, and what a failing disk may make of it.
#pragma once

#include "tests/fakes/journal_world.hpp"

namespace fuzz {

/// The bytes of a closed journal with a consent and its withdrawal.
base::Bytes whole_journal(fakes::JournalWorld& world);
/// Input that begins like a database is one; any other is a list of changes of `whole`: three bytes
/// of place and one of content each; a rest of one to three bytes is where the file is cut.
base::Bytes damaged(base::Bytes whole, base::ByteView input);
/// Puts the bytes where the world's journal is, without any log of an earlier one.
void place(const fakes::JournalWorld& world, base::ByteView bytes);

}  // namespace fuzz
