// SPDX-License-Identifier: EUPL-1.2
// An empty file beside journal.db that says: there was a journal here. Without it a vanished or
// emptied journal would quietly begin anew, and nobody would learn that records are lost. One
// thread.
#pragma once

#include <filesystem>

#include "drivers/base/result.hpp"

namespace journal {

/// Where the mark of this journal stands.
[[nodiscard]] std::filesystem::path made_mark_of(const std::filesystem::path& journal);

/// errors  journal_open_failed: the mark is there, the journal is not, or is shorter than any.
base::Result<void> require_still_there(const std::filesystem::path& journal);
/// Sets the mark, durably; once is enough. errors: file_io.
base::Result<void> set_made_mark(const std::filesystem::path& journal);

}  // namespace journal
