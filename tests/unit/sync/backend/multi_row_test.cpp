// SPDX-License-Identifier: EUPL-1.2
// One INSERT for many rows: the text. Which engine an option names.
#include "sync/backend/store/multi_row.hpp"

#include "sync/backend/store/open.hpp"

#include <doctest/doctest.h>

TEST_CASE("multi_row: columns as arrays take the place of the row, the rest stays") {
    using backend::rows_of_arrays;
    CHECK(rows_of_arrays("INSERT INTO t (a, b) VALUES ($1, $2) ON CONFLICT DO NOTHING", 2) ==
          "INSERT INTO t (a, b) SELECT * FROM unnest($1, $2) ON CONFLICT DO NOTHING");
    CHECK(rows_of_arrays("INSERT INTO t VALUES ($1)", 1) ==
          "INSERT INTO t SELECT * FROM unnest($1)");
}

TEST_CASE("store: the option names an engine, and nothing else is one") {
    CHECK_FALSE(backend::open_stores("sqlite:a.db").value()->shared());
    CHECK(
        backend::open_stores("postgresql://u@host:5433/db?sslmode=verify-full").value()->shared());
    CHECK(backend::open_stores("postgres:///db?host=/run/postgresql").value()->shared());
    for (const char* text : {"", "a.db", "sqlite:", "mysql://a/b", "postgresql://[",
                             "postgresql:", "postgresql:///db?nonsense=1"}) {
        CAPTURE(text);
        const auto stores = backend::open_stores(text);
        REQUIRE_FALSE(stores.has_value());
        CHECK(stores.error().code == base::Errc::config_bad);
    }
    for (const char* text :
         {"postgresql://user:secret@host/db", "postgres://h/db?password=secret"}) {
        CAPTURE(text);
        const auto stores = backend::open_stores(text);
        REQUIRE_FALSE(stores.has_value());
        CHECK(std::string(stores.error().where) == "store.password_in_address");
    }
}
