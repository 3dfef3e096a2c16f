// SPDX-License-Identifier: EUPL-1.2
// A copy of a running backend's database: of one moment, whole, and checked before it counts. Reads
// beside the writers and never stops them. For PostgreSQL its own pg_dump does this.
// Main thread of a command; blocks on disk.
#pragma once

#include <string>

#include "drivers/base/result.hpp"

namespace backend {

/// Writes the file `to`, which must not exist, makes it durable and checks it with SQLite's own
/// integrity check. errors: journal_open_failed, file_io (EEXIST), busy, journal_full, journal_io,
/// journal_chain_broken (the check found damage; the copy is left for a look).
base::Result<void> sqlite_backup(const std::string& from, const std::string& to);

}  // namespace backend
