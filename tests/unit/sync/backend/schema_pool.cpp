// SPDX-License-Identifier: EUPL-1.2
#include "tests/unit/sync/backend/schema_pool.hpp"

#include <unistd.h>

#include <cstdlib>
#include <list>

#include "drivers/base/check.hpp"
#include "sync/backend/store/open.hpp"

namespace test {
namespace {

using backend::Param;
using backend::Rows;
using backend::Statement;
using backend::Store;

/// Statements made here must outlive the store, which keeps them by address.
class Texts {
  public:
    const Statement& add(std::string sql) {
        texts_.push_back(std::move(sql));
        return statements_.emplace_back(Statement{texts_.back().c_str()});
    }
    [[nodiscard]] const std::list<Statement>& all() const { return statements_; }

  private:
    std::list<std::string> texts_;
    std::list<Statement> statements_;
};

void must(Store& store, const Statement& statement) {
    CHECK(store.run(statement, {}).has_value());
}

/// One schema: what empties it and puts back what a new one begins with.
struct Schema {
    Texts reset;
    std::unique_ptr<Store> store;
};

std::unique_ptr<Schema> make_schema() {
    static constexpr Statement find_tables{
        "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()"
        " AND tablename <> 'schema_version'"};
    auto schema = std::make_unique<Schema>();
    auto store = new_schema()->open();
    CHECK(store.has_value());
    schema->store = std::move(*store);
    const auto tables = schema->store->run(find_tables, {});
    CHECK(tables.has_value());
    static Texts once;
    for (const backend::Row& row : *tables) {
        const std::string& table = row.text(0);
        schema->reset.add("DELETE FROM " + table);
        const auto rows = schema->store->run(once.add("SELECT COUNT(*) FROM " + table), {});
        CHECK(rows.has_value());
        if (rows->at(0).number(0) == 0) continue;
        must(*schema->store, once.add("CREATE TABLE begin_" + table + " AS TABLE " + table));
        schema->reset.add("INSERT INTO " + table + " SELECT * FROM begin_" + table);
    }
    return schema;
}

std::list<std::unique_ptr<Schema>>& pool() {
    static std::list<std::unique_ptr<Schema>> schemas;
    return schemas;
}

class PooledStore final : public Store {
  public:
    explicit PooledStore(std::unique_ptr<Schema> schema) : schema_(std::move(schema)) {}
    ~PooledStore() override {
        inner().rollback();
        CHECK(inner().begin().has_value());
        for (const Statement& statement : schema_->reset.all()) must(inner(), statement);
        CHECK(inner().commit().has_value());
        pool().push_back(std::move(schema_));
    }
    base::Result<void> begin() override { return inner().begin(); }
    base::Result<void> commit() override { return inner().commit(); }
    void rollback() noexcept override { inner().rollback(); }
    base::Result<Rows> run(const Statement& statement, std::span<const Param> params) override {
        return inner().run(statement, params);
    }
    base::Result<std::vector<Rows>> run_all(std::span<const backend::Query> queries) override {
        return inner().run_all(queries);
    }
    base::Result<Rows> run_many(const Statement& statement, std::span<const Param> params,
                                std::size_t columns) override {
        return inner().run_many(statement, params, columns);
    }
    base::Result<std::vector<Rows>> run_each(const Statement& statement,
                                             std::span<const Param> params,
                                             std::size_t columns) override {
        return inner().run_each(statement, params, columns);
    }
    base::Result<void> queue_many(const Statement& statement, std::span<const Param> params,
                                  std::size_t columns) override {
        return inner().queue_many(statement, params, columns);
    }
    base::Result<void> queue_each(const Statement& statement, std::span<const Param> params,
                                  std::size_t columns) override {
        return inner().queue_each(statement, params, columns);
    }

  private:
    Store& inner() { return *schema_->store; }

    std::unique_ptr<Schema> schema_;
};

}  // namespace

const char* test_server() {
    return std::getenv("FREIGABE_TEST_STORE");
}

std::string new_schema_url() {
    static int count = 0;
    const std::string server = test_server();
    const std::string name = "t" + std::to_string(::getpid()) + "_" + std::to_string(++count);
    const std::string sql = "CREATE SCHEMA " + name;
    const Statement make{sql.c_str()};
    auto plain = backend::open_stores(server);
    CHECK(plain.has_value());
    auto store = (*plain)->open();
    CHECK(store.has_value());
    must(**store, make);
    return server + "&options=-csearch_path%3D" + name;
}

std::unique_ptr<backend::StoreOpener> new_schema() {
    auto opener = backend::open_stores(new_schema_url());
    CHECK(opener.has_value());
    return std::move(*opener);
}

std::unique_ptr<backend::Store> pooled_store() {
    if (pool().empty()) pool().push_back(make_schema());
    auto schema = std::move(pool().front());
    pool().pop_front();
    return std::make_unique<PooledStore>(std::move(schema));
}

}  // namespace test
