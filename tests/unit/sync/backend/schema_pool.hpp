// SPDX-License-Identifier: EUPL-1.2
// Empty databases on the PostgreSQL server of a test run, quickly: a schema is made once and given
// to one test after the other, emptied in between. One thread.
#pragma once

#include <memory>
#include <string>

#include "sync/backend/store/store.hpp"

namespace test {

/// The server's address, or null if tests run on SQLite.
[[nodiscard]] const char* test_server();

/// The address of a schema that nobody had before.
[[nodiscard]] std::string new_schema_url();
[[nodiscard]] std::unique_ptr<backend::StoreOpener> new_schema();

/// A store that behaves like a new one and goes back to the pool at its end.
[[nodiscard]] std::unique_ptr<backend::Store> pooled_store();

}  // namespace test
