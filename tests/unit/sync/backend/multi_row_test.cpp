// SPDX-License-Identifier: EUPL-1.2
// One INSERT for many rows: the text. Statements that are sent together. Which engine an option
// names.
#include "sync/backend/store/multi_row.hpp"

#include "sync/backend/store/open.hpp"
#include "tests/unit/sync/backend/world.hpp"

#include <doctest/doctest.h>

TEST_CASE("multi_row: columns as arrays take the place of the row, the rest stays") {
    using backend::rows_of_arrays;
    CHECK(rows_of_arrays("INSERT INTO t (a, b) VALUES ($1, $2) ON CONFLICT DO NOTHING", 2) ==
          "INSERT INTO t (a, b) SELECT unnest($1), unnest($2) ON CONFLICT DO NOTHING");
    CHECK(rows_of_arrays("INSERT INTO t VALUES ($1)", 1) == "INSERT INTO t SELECT unnest($1)");
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

TEST_CASE("store: statements sent together are answered in order and see what was done before") {
    static constexpr backend::Statement add{
        "INSERT INTO change_counter (authority, last_n) VALUES ($1, $2)"};
    static constexpr backend::Statement raise{
        "UPDATE change_counter SET last_n = last_n + $1 WHERE authority = $2 RETURNING last_n"};
    static constexpr backend::Statement find{
        "SELECT last_n FROM change_counter WHERE authority = $1"};
    const std::string_view a = "a";
    const auto store = test::memory_store();
    REQUIRE(store->begin().has_value());
    const std::vector<backend::Query> queries{
        {find, {a}}, {add, {a, std::int64_t{4}}}, {raise, {std::int64_t{3}, a}}, {find, {a}}};
    const auto answers = store->run_all(queries);
    REQUIRE(answers.has_value());
    REQUIRE(answers->size() == 4);
    CHECK(answers->at(0).empty());
    CHECK(answers->at(1).empty());
    CHECK(answers->at(2).at(0).number(0) == 7);
    CHECK(answers->at(3).at(0).number(0) == 7);
    CHECK(store->run_all({}).value().empty());
    CHECK_FALSE(store->run_all(queries).has_value());  // it is there already
    store->rollback();
    CHECK(store->run(find, {a}).value().empty());
}
