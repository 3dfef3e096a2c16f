// SPDX-License-Identifier: EUPL-1.2
// What a SQLite database in WAL mode needs to keep its promise when a sync fails and the power goes
// afterwards: the journal's and the backend's alike. After a failed sync the kernel calls the lost
// pages clean and never writes them; SQLite goes on as if they were there. Each function is for the
// thread that has the connection.
#pragma once

#include <sqlite3.h>

namespace wal {

/// From now on closing leaves the log where it is. SQLite would copy it into the file and delete
/// it, after a failure, too. A power cut meanwhile leaves a file that is half old if the log has
/// lost pages; a deletion that is not synced brings a commit back that was reported as failed.
void leave_on_close(sqlite3* db);

/// For the one who opens: makes the log durable as it is, copies it into the file, empties it and
/// makes that durable. In this order, since a power cut during the copy needs the log whole, and
/// its old frames must not come back behind newer pages. On a full disk the log stays, durable.
/// returns  a SQLite code; SQLITE_BUSY = another connection is at work, which has settled it.
/// cost     writes the log twice; a sync or three.
int settle(sqlite3* db);

/// Copies the log into the file and empties it. returns a SQLite code.
int copy(sqlite3* db);

}  // namespace wal
