// SPDX-License-Identifier: EUPL-1.2
// One INSERT for many rows: the text, and how many rows go into one.
#include "sync/backend/store/multi_row.hpp"

#include <numeric>

#include "sync/backend/store/open.hpp"

#include <doctest/doctest.h>

using backend::chunks_of;
using backend::repeat_row;

TEST_CASE("multi_row: the row is repeated and numbered on, the rest stays") {
    constexpr const char* sql = "INSERT INTO t (a, b) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    CHECK(repeat_row(sql, 2, 1) == sql);
    CHECK(repeat_row(sql, 2, 3) ==
          "INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4), ($5, $6) ON CONFLICT DO NOTHING");
    CHECK(repeat_row("INSERT INTO t VALUES ($1)", 1, 2) == "INSERT INTO t VALUES ($1), ($2)");
}

TEST_CASE("multi_row: any number of rows is covered by few sizes") {
    CHECK(chunks_of(0).empty());
    CHECK(chunks_of(1) == std::vector<std::size_t>{1});
    CHECK(chunks_of(50) == std::vector<std::size_t>{32, 16, 2});
    CHECK(chunks_of(64) == std::vector<std::size_t>{64});
    CHECK(chunks_of(127) == std::vector<std::size_t>{64, 32, 16, 8, 4, 2, 1});
    CHECK(chunks_of(129) == std::vector<std::size_t>{64, 64, 1});
    for (std::size_t rows = 0; rows < 300; ++rows) {
        const auto chunks = chunks_of(rows);
        CHECK(std::accumulate(chunks.begin(), chunks.end(), std::size_t{0}) == rows);
    }
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
