// SPDX-License-Identifier: EUPL-1.2
// The tables of journal.db and how older files become newer ones. Migrations go forward only; a
// file of an unknown version is refused and never reset, because it is somebody's memory. One
// thread.
#pragma once

#include "sync/journal/database.hpp"

namespace journal {

/// Creates the tables in an empty file or brings an older file up to date, each step in one
/// transaction. errors: journal_schema_unknown (newer, or no journal at all), journal_io,
/// journal_full.
base::Result<void> bring_up_to_date(Database& db);
/// Only looks: any version up to ours will do, since the chain stands in the first one's tables.
/// errors  journal_schema_unknown.
base::Result<void> require_known(Database& db);

}  // namespace journal
