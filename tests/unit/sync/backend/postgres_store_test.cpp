// SPDX-License-Identifier: EUPL-1.2
// The store on a real PostgreSQL server: exact values, one migration by whoever comes first, a
// newer schema that is refused, conflicts that are named and begun anew, lost connections.
// Run by the test unit_backend_postgresql, which starts the server.
#include "sync/backend/store/postgres/postgres_store.hpp"

#include <atomic>
#include <barrier>
#include <thread>

#include "sync/backend/ingest/ingest.hpp"
#include "sync/backend/store/open.hpp"
#include "sync/backend/store/retry.hpp"
#include "tests/unit/sync/backend/schema_pool.hpp"
#include "tests/unit/sync/backend/world.hpp"

#include <doctest/doctest.h>

#define POSTGRESQL_CASE(name) TEST_CASE(name* doctest::skip(!test::on_postgresql()))

using backend::Param;
using backend::Rows;
using backend::sqlstate;
using backend::Statement;
using backend::Store;
using backend::Transaction;

namespace {

constexpr Statement make_table{"CREATE TABLE t (n BIGINT PRIMARY KEY, s TEXT, b BYTEA)"};
constexpr Statement add_row{"INSERT INTO t (n, s, b) VALUES ($1, $2, $3)"};
constexpr Statement add_returning{
    "INSERT INTO t (n, s, b) VALUES ($1, $2, $3) ON CONFLICT (n) DO UPDATE SET s = excluded.s"
    " RETURNING n"};
constexpr Statement read_rows{"SELECT n, s, b FROM t ORDER BY n"};
constexpr Statement find_row{"SELECT s FROM t WHERE n = $1"};
constexpr Statement move_row{"UPDATE t SET s = $1 WHERE n = $2"};
constexpr Statement count_tables{
    "SELECT COUNT(*) FROM pg_tables WHERE schemaname = current_schema()"};
constexpr Statement read_version{"SELECT version FROM schema_version"};
constexpr Statement own_session{"SELECT pg_backend_pid()"};
constexpr Statement end_session{"SELECT pg_terminate_backend(CAST($1 AS INTEGER), 5000)"};

/// A store whose users do not lock scopes, and do not commit before the other one has read.
class Unlocked final : public Store {
  public:
    Unlocked(Store& store, std::barrier<>& gate) : store_(store), gate_(gate) {}
    base::Result<void> begin() override { return store_.begin(); }
    base::Result<void> commit() override {
        gate_.arrive_and_wait();
        return store_.commit();
    }
    void rollback() noexcept override { store_.rollback(); }
    base::Result<Rows> run(const Statement& statement, std::span<const Param> params) override {
        return store_.run(statement, params);
    }
    base::Result<std::vector<Rows>> run_all(std::span<const backend::Query> queries) override {
        return store_.run_all(queries);
    }
    base::Result<Rows> run_many(const Statement& statement, std::span<const Param> params,
                                std::size_t columns) override {
        const std::string_view sql = statement.sql;
        if (!sql.starts_with("INSERT INTO scope_state")) {
            return store_.run_many(statement, params, columns);
        }
        Rows rows;
        for (std::size_t at = 0; at < params.size(); at += columns) {
            const auto tag = std::get<base::ByteView>(params[at]);
            std::vector<backend::Value> row{base::Bytes(tag.begin(), tag.end()),
                                            std::int64_t{1'000}, std::int64_t{1'000}};
            rows.emplace_back(std::move(row));
        }
        return rows;
    }
    base::Result<std::vector<Rows>> run_each(const Statement& statement,
                                             std::span<const Param> params,
                                             std::size_t columns) override {
        return store_.run_each(statement, params, columns);
    }
    base::Result<void> queue_many(const Statement& statement, std::span<const Param> params,
                                  std::size_t columns) override {
        return store_.queue_many(statement, params, columns);
    }
    base::Result<void> queue_each(const Statement& statement, std::span<const Param> params,
                                  std::size_t columns) override {
        return store_.queue_each(statement, params, columns);
    }

  private:
    Store& store_;
    std::barrier<>& gate_;
};

std::unique_ptr<Store> open(backend::StoreOpener& opener) {
    auto store = opener.open();
    REQUIRE(store.has_value());
    return std::move(*store);
}

/// Ends the session of a store from another one: what a restart of the server looks like.
void cut(Store& store, Store& other) {
    const auto session = store.run(own_session, {});
    REQUIRE(session.has_value());
    REQUIRE(other.run(end_session, {session->at(0).number(0)})->at(0).number(0) == 1);
}

}  // namespace

POSTGRESQL_CASE("postgresql: values of every type come back as they went in, also empty ones") {
    const auto store = open(*test::new_schema());
    REQUIRE(store->run(make_table, {}).has_value());
    base::Bytes bytes;
    for (unsigned i = 0; i < 256; ++i) bytes.push_back(static_cast<std::uint8_t>(i));
    REQUIRE(store->run(add_row, {std::int64_t{1}, "Größe 'x' \\ $1", bytes}).has_value());
    REQUIRE(store->run(add_row, {INT64_MAX, "", base::ByteView{}}).has_value());
    REQUIRE(store->run(add_row, {INT64_MIN, nullptr, nullptr}).has_value());
    const auto rows = store->run(read_rows, {});
    REQUIRE(rows.has_value());
    REQUIRE(rows->size() == 3);
    CHECK(rows->at(0).number(0) == INT64_MIN);
    CHECK(rows->at(0).is_null(1));
    CHECK(rows->at(0).is_null(2));
    CHECK(rows->at(1).text(1) == "Größe 'x' \\ $1");
    CHECK(rows->at(1).bytes(2) == bytes);
    CHECK(rows->at(2).text(1).empty());
    CHECK(rows->at(2).bytes(2).empty());
}

POSTGRESQL_CASE("postgresql: whole numbers of every width are numbers, sums too") {
    static constexpr Statement numbers{
        "SELECT CAST(-2 AS SMALLINT), CAST(-3 AS INTEGER), 1 < 2, CAST(0 AS NUMERIC),"
        " CAST(-12345678901234567 AS NUMERIC), CAST(20000 AS NUMERIC),"
        " (SELECT SUM(n) FROM (VALUES (CAST(9999 AS BIGINT)), (100010001)) v (n))"};
    const auto rows = test::memory_store()->run(numbers, {});
    REQUIRE(rows.has_value());
    const std::int64_t expected[] = {-2, -3, 1, 0, -12'345'678'901'234'567, 20'000, 100'020'000};
    for (std::size_t i = 0; i < std::size(expected); ++i) {
        CAPTURE(i);
        CHECK(rows->at(0).number(i) == expected[i]);
    }
}

POSTGRESQL_CASE("postgresql: many rows go in as few statements, each answered once") {
    const auto store = open(*test::new_schema());
    REQUIRE(store->run(make_table, {}).has_value());
    constexpr std::int64_t count = 201;
    std::vector<backend::Param> params;
    std::vector<backend::Param> keys;
    const base::Bytes bytes{0, 1, 0xFF};
    for (std::int64_t n = -100; n < count - 100; ++n) {
        const base::ByteView some = base::ByteView(bytes).first(static_cast<std::size_t>(n & 3));
        params.insert(params.end(), {n, n % 2 == 0 ? "even" : "", some});
        keys.emplace_back(n);
    }
    CHECK(store->run_many(add_returning, params, 3)->size() == count);
    CHECK_MESSAGE(store->run_many(add_returning, params, 3)->size() == count, "now as updates");
    const auto answers = store->run_each(find_row, keys, 1);
    REQUIRE(answers.has_value());
    REQUIRE(answers->size() == count);
    for (std::size_t i = 0; i < answers->size(); ++i) {
        CHECK(answers->at(i).at(0).text(0) == (i % 2 == 0 ? "even" : ""));
    }
    const auto rows = store->run(read_rows, {});
    REQUIRE(rows->size() == count);
    CHECK(rows->front().number(0) == -100);
    for (const backend::Row& row : *rows) {
        const auto size = static_cast<std::ptrdiff_t>(row.number(0) & 3);
        CHECK(row.bytes(2) == base::Bytes(bytes.begin(), bytes.begin() + size));
    }
    CHECK(store->run_many(add_row, {}, 3)->empty());
    // What is queued goes with what follows it, and a failure of it is the commit's.
    constexpr std::int64_t next = 1'000;
    {
        auto transaction = Transaction::begin(*store);
        REQUIRE(store->queue(add_row, {next, "queued", nullptr}).has_value());
        REQUIRE(store->queue(move_row, {"moved", next}).has_value());
        CHECK(store->run(find_row, {next})->at(0).text(0) == "moved");
        REQUIRE(store->queue(add_row, {next + 1, "last", nullptr}).has_value());
        REQUIRE(transaction->commit().has_value());
    }
    {
        auto transaction = Transaction::begin(*store);
        REQUIRE(store->queue(add_row, {next + 2, "undone", nullptr}).has_value());
        REQUIRE(store->queue(add_row, {next, "there already", nullptr}).has_value());
        const auto done = transaction->commit();
        REQUIRE_FALSE(done.has_value());
        CHECK(done.error().detail == sqlstate("23505"));
    }
    {
        auto transaction = Transaction::begin(*store);
        REQUIRE(store->queue(add_row, {next + 2, "given up", nullptr}).has_value());
    }
    CHECK(store->run(find_row, {next + 1})->size() == 1);
    CHECK(store->run(find_row, {next + 2})->empty());
    CHECK(store->run_each(find_row, {}, 1)->empty());
}

POSTGRESQL_CASE("postgresql: a failed statement undoes its transaction, and the next one works") {
    const auto store = open(*test::new_schema());
    REQUIRE(store->run(make_table, {}).has_value());
    {
        auto transaction = Transaction::begin(*store);
        REQUIRE(store->run(add_row, {std::int64_t{1}, "a", nullptr}).has_value());
        const auto again = store->run(add_row, {std::int64_t{1}, "secret", nullptr});
        REQUIRE_FALSE(again.has_value());
        CHECK(again.error().code == base::Errc::journal_io);
        CHECK(again.error().detail == sqlstate("23505"));
        CHECK_MESSAGE(std::string(again.error().where).find("secret") == std::string::npos,
                      "an error holds no data");
        CHECK_FALSE(store->run(read_rows, {}).has_value());
        CHECK_MESSAGE(!transaction->commit().has_value(), "COMMIT of a failed one is no success");
    }
    CHECK(store->run(read_rows, {})->empty());
    auto transaction = Transaction::begin(*store);
    REQUIRE(store->run(add_row, {std::int64_t{2}, "b", nullptr}).has_value());
    REQUIRE(transaction->commit().has_value());
    CHECK(store->run(read_rows, {})->size() == 1);
}

POSTGRESQL_CASE("postgresql: programs that start at once bring the schema up together") {
    for (int round = 0; round < 5; ++round) {
        const auto opener = test::new_schema();
        std::vector<std::unique_ptr<Store>> stores(4);
        {
            std::vector<std::jthread> starting;
            for (auto& store : stores) {
                starting.emplace_back([&] {
                    if (auto opened = opener->open()) store = std::move(*opened);
                });
            }
        }
        for (const auto& store : stores) REQUIRE(store != nullptr);
        CHECK(stores[0]->run(read_version, {})->size() == 1);
        const auto tables = stores[0]->run(count_tables, {})->at(0).number(0);
        const auto once = open(*test::new_schema());
        CHECK(once->run(count_tables, {})->at(0).number(0) == tables);
    }
}

POSTGRESQL_CASE("postgresql: a database of a newer program is refused and stays as it is") {
    static constexpr Statement newer{"UPDATE schema_version SET version = 999"};
    const auto opener = test::new_schema();
    REQUIRE(open(*opener)->run(newer, {}).has_value());
    for (int attempt = 0; attempt < 2; ++attempt) {
        const auto store = opener->open();
        REQUIRE_FALSE(store.has_value());
        CHECK(store.error().code == base::Errc::journal_schema_unknown);
        CHECK(store.error().detail == 999);
    }
}

POSTGRESQL_CASE("postgresql: of two that lock in a circle one is told to begin anew, and may") {
    const auto opener = test::new_schema();
    const auto first = open(*opener);
    const auto second = open(*opener);
    REQUIRE(first->run(make_table, {}).has_value());
    for (const std::int64_t n : {1, 2}) {
        REQUIRE(first->run(add_row, {n, "", nullptr}).has_value());
    }
    std::atomic<int> attempts = 0;
    std::atomic<int> holding = 0;
    const auto cross = [&](Store& store, std::int64_t from, std::int64_t to) {
        bool met = false;
        return backend::with_retries([&]() -> base::Result<void> {
            ++attempts;
            TRY(transaction, Transaction::begin(store));
            TRY_VOID(store.run(move_row, {"x", from}));
            if (!std::exchange(met, true)) {
                ++holding;
                while (holding < 2) std::this_thread::yield();
            }
            TRY_VOID(store.run(move_row, {"x", to}));
            return transaction.commit();
        });
    };
    bool done[2] = {false, false};
    {
        std::jthread one([&] { done[0] = cross(*first, 1, 2).has_value(); });
        std::jthread two([&] { done[1] = cross(*second, 2, 1).has_value(); });
    }
    CHECK(done[0]);
    CHECK(done[1]);
    CHECK(attempts >= 3);  // on a busy machine they may meet again
}

POSTGRESQL_CASE("postgresql: a lost connection fails its transaction and no other") {
    const auto opener = test::new_schema();
    const auto store = open(*opener);
    const auto other = open(*opener);
    REQUIRE(store->run(make_table, {}).has_value());
    REQUIRE(store->run(add_row, {std::int64_t{1}, "a", nullptr}).has_value());

    cut(*store, *other);
    CHECK_MESSAGE(store->run(read_rows, {})->size() == 1, "reading begins anew by itself");

    cut(*store, *other);
    {
        auto transaction = Transaction::begin(*store);
        REQUIRE(transaction.has_value());
        CHECK_MESSAGE(store->run(add_row, {std::int64_t{2}, "b", nullptr}).has_value(),
                      "so does a transaction that has done nothing yet");
        cut(*store, *other);
        const auto lost = store->run(add_row, {std::int64_t{3}, "c", nullptr});
        REQUIRE_FALSE(lost.has_value());
        CHECK(lost.error().code == base::Errc::network_unreachable);
        CHECK_FALSE(store->run(read_rows, {}).has_value());
        CHECK_FALSE(transaction->commit().has_value());
    }
    CHECK(store->run(read_rows, {})->size() == 1);

    cut(*store, *other);
    CHECK_MESSAGE(!store->run(add_row, {std::int64_t{4}, "d", nullptr}).has_value(),
                  "a write outside of a transaction is never sent twice");
    CHECK(store->run(add_row, {std::int64_t{5}, "e", nullptr}).has_value());
}

POSTGRESQL_CASE(
    "postgresql: without the lock on its scope a grant outlives a withdrawal (canary of I8)") {
    const auto opener = test::new_schema();
    const auto first = open(*opener);
    const auto second = open(*opener);
    test::SeededRandom random{12};
    test::Terminal a{1, random};
    test::Terminal b{2, random};
    test::enrol(*first, a);
    test::enrol(*first, b);
    a.append(test::grant(1));
    b.append(test::withdrawal(9, model::TargetKind::subject, test::tag(1)));
    const std::string given = a.batch(1, 1);
    const std::string taken = b.batch(1, 1);
    std::barrier both_have_read(2);
    Unlocked left(*first, both_have_read);
    Unlocked right(*second, both_have_read);
    {
        std::jthread one([&] { CHECK(backend::ingest_batch(left, a.id, given).has_value()); });
        std::jthread two([&] { CHECK(backend::ingest_batch(right, b.id, taken).has_value()); });
    }
    const test::States states = test::states(*first);
    REQUIRE(states.size() == 2);
    CHECK_MESSAGE(states.begin()->second == 0, "this is what the lock is there to prevent");
}

POSTGRESQL_CASE("postgresql: no server, no database and no such user are told apart from success") {
    struct Row {
        const char* url;
        base::Errc code;
    };
    for (const Row& row :
         {Row{"postgresql://localhost:1/x", base::Errc::network_unreachable},
          Row{"postgresql:///x?host=/nonexistent", base::Errc::network_unreachable}}) {
        CAPTURE(row.url);
        const auto store = backend::PostgresStore::open(row.url);
        REQUIRE_FALSE(store.has_value());
        CHECK(store.error().code == row.code);
    }
}
