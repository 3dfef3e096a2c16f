// SPDX-License-Identifier: EUPL-1.2
// The store on a real file: durability settings, transactions that undo themselves, a newer schema
// that is refused and left alone, values of every type.
#include "sync/backend/store/sqlite/sqlite_store.hpp"

#include "tests/unit/sync/backend/world.hpp"

#include <doctest/doctest.h>

using backend::SqliteStore;
using backend::Statement;

namespace {

constexpr Statement journal_mode{"PRAGMA journal_mode"};
constexpr Statement synchronous{"PRAGMA synchronous"};
constexpr Statement checkpoint_pages{"PRAGMA wal_autocheckpoint"};
constexpr Statement set_version{"PRAGMA user_version = 999"};
constexpr Statement make_table{"CREATE TABLE t (n BIGINT, s TEXT, b BYTEA)"};
constexpr Statement add_row{"INSERT INTO t (n, s, b) VALUES ($1, $2, $3)"};
constexpr Statement read_rows{"SELECT n, s, b FROM t ORDER BY n"};

}  // namespace

TEST_CASE("sqlite: the file is opened so that an acknowledged row survives a power cut") {
    auto store = SqliteStore::open(test::new_database_file());
    REQUIRE(store.has_value());
    CHECK((*store)->run(journal_mode, {})->at(0).text(0) == "wal");
    CHECK_MESSAGE((*store)->run(synchronous, {})->at(0).number(0) == 2, "FULL");
    CHECK_MESSAGE((*store)->run(checkpoint_pages, {})->at(0).number(0) >= 10 * 800,
                  "ten batches of a large database between two copies of the log");
}

TEST_CASE("sqlite: a database of a newer program is refused and stays as it is") {
    const std::string file = test::new_database_file();
    {
        auto store = SqliteStore::open(file);
        REQUIRE(store.has_value());
        REQUIRE((*store)->run(set_version, {}).has_value());
    }
    for (int attempt = 0; attempt < 2; ++attempt) {
        const auto store = SqliteStore::open(file);
        REQUIRE_FALSE(store.has_value());
        CHECK(store.error().code == base::Errc::journal_schema_unknown);
        CHECK(store.error().detail == 999);
    }
}

TEST_CASE("sqlite: a database of another program is refused and stays as it is") {
    static constexpr backend::Statement foreign_table{"CREATE TABLE theirs (id INTEGER)"};
    static constexpr backend::Statement drop_name{"PRAGMA application_id=0"};
    static constexpr backend::Statement drop_version{"PRAGMA user_version=0"};
    struct Row {
        const char* what;
        const backend::Statement* change;
    };
    for (const Row& row : {Row{"without our name", &drop_name},
                           Row{"with tables and without a version", &drop_version}}) {
        CAPTURE(row.what);
        const std::string file = test::new_database_file();
        {
            auto store = SqliteStore::open(file);
            REQUIRE(store.has_value());
            REQUIRE((*store)->run(foreign_table, {}).has_value());
            REQUIRE((*store)->run(*row.change, {}).has_value());
        }
        const auto store = SqliteStore::open(file);
        REQUIRE_FALSE(store.has_value());
        CHECK(store.error().code == base::Errc::journal_schema_unknown);
    }
}

TEST_CASE("sqlite: what is no database or cannot be opened is an error, never a new file") {
    const auto store = SqliteStore::open("/nonexistent/folder/backend.db");
    REQUIRE_FALSE(store.has_value());
    CHECK(store.error().code == base::Errc::journal_open_failed);
}

TEST_CASE("sqlite: values of every type come back as they went in, also empty ones") {
    const auto store = test::memory_store();
    REQUIRE(store->run(make_table, {}).has_value());
    const base::Bytes bytes = {0x00, 0x7F, 0x80, 0xFF};
    REQUIRE(store->run(add_row, {std::int64_t{1}, "text", bytes}).has_value());
    REQUIRE(store->run(add_row, {INT64_MAX, "", base::ByteView{}}).has_value());
    REQUIRE(store->run(add_row, {INT64_MIN, nullptr, nullptr}).has_value());
    const auto rows = store->run(read_rows, {});
    REQUIRE(rows.has_value());
    REQUIRE(rows->size() == 3);
    CHECK(rows->at(0).number(0) == INT64_MIN);
    CHECK(rows->at(0).is_null(1));
    CHECK(rows->at(0).is_null(2));
    CHECK(rows->at(1).text(1) == "text");
    CHECK(rows->at(1).bytes(2) == bytes);
    CHECK(rows->at(2).text(1).empty());
    CHECK(rows->at(2).bytes(2).empty());
}

TEST_CASE("sqlite: a transaction that is not committed leaves nothing") {
    const auto store = test::memory_store();
    REQUIRE(store->run(make_table, {}).has_value());
    {
        auto transaction = backend::Transaction::begin(*store);
        REQUIRE(transaction.has_value());
        REQUIRE(store->run(add_row, {std::int64_t{1}, "a", nullptr}).has_value());
    }
    CHECK(store->run(read_rows, {})->empty());
    auto transaction = backend::Transaction::begin(*store);
    REQUIRE(transaction.has_value());
    const backend::Param rows[] = {std::int64_t{1}, "a", base::ByteView{},
                                   std::int64_t{2}, "b", base::ByteView{}};
    REQUIRE(store->run_many(add_row, rows, 3).has_value());
    REQUIRE(transaction->commit().has_value());
    CHECK(store->run(read_rows, {})->size() == 2);
}
