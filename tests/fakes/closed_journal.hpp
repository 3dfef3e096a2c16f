// SPDX-License-Identifier: EUPL-1.2
// What somebody does to a journal's file behind the journal's back.
#pragma once

#include <sqlite3.h>

#include <cstdlib>
#include <string>

#include "tests/fakes/journal_world.hpp"

namespace fakes {

/// Runs SQL on the closed file. returns the first value, "" without one.
inline std::string sql(const JournalWorld& world, const std::string& statement) {
    sqlite3* db = nullptr;
    bool done = sqlite3_open(world.options().path.c_str(), &db) == SQLITE_OK;
    std::string first;
    const auto keep = [](void* out, int, char** texts, char**) {
        auto& text = *static_cast<std::string*>(out);
        if (text.empty() && texts[0] != nullptr) text = texts[0];
        return 0;
    };
    done = done && sqlite3_exec(db, statement.c_str(), keep, &first, nullptr) == SQLITE_OK;
    sqlite3_close(db);
    if (!done) std::abort();  // a mistake in the test
    return first;
}

}  // namespace fakes
