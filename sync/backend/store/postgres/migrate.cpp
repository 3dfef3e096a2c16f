// SPDX-License-Identifier: EUPL-1.2
// Bringing a PostgreSQL database up to our schema. The version stands in a row that every starting
// instance locks, so one migrates and the others wait and find it done.
#include <chrono>
#include <thread>

#include "drivers/base/check.hpp"
#include "drivers/base/limits_backend.hpp"
#include "sync/backend/store/postgres/postgres_store.hpp"
#include "sync/backend/store/schema.hpp"

namespace backend {
namespace {

constexpr const char* make_table =
    "CREATE TABLE IF NOT EXISTS schema_version (id BIGINT PRIMARY KEY, version BIGINT NOT NULL)";
constexpr Statement first_version{
    "INSERT INTO schema_version (id, version) VALUES (1, 0) ON CONFLICT (id) DO NOTHING"};
constexpr Statement lock_version{
    "UPDATE schema_version SET version = version WHERE id = 1 RETURNING version"};
constexpr Statement store_version{"UPDATE schema_version SET version = $1 WHERE id = 1"};

/// True if another instance was making the same table at the same moment.
bool collided(const base::Error& error) {
    // unique_violation (in the catalogue), duplicate_table, duplicate_object
    for (const char* state : {"23505", "42P07", "42710"}) {
        if (error.detail == sqlstate(state)) return true;
    }
    return is_conflict(error);
}

std::vector<std::string> statements_of(std::string_view list) {
    std::vector<std::string> statements;
    while (!list.empty()) {
        const std::size_t end = list.find(';');
        CHECK(end != std::string_view::npos);
        statements.emplace_back(list.substr(0, end));
        list.remove_prefix(end + 1);
    }
    return statements;
}

}  // namespace

/// returns  false if another instance was in the way.
base::Result<bool> PostgresStore::make_version_table() {
    TRY_VOID(session_->send(make_table));
    if (const auto made = session_->exchange(); !made) {
        if (collided(made.error())) return false;
        return tl::unexpected(made.error());
    }
    TRY_VOID(run(first_version, Params{}));
    return true;
}

base::Result<bool> PostgresStore::take_migrations() {
    TRY(transaction, Transaction::begin(*this));
    TRY(rows, run(lock_version, Params{}));
    CHECK(rows.size() == 1);
    const std::uint64_t found = rows[0].count(0);
    if (found > schema_migrations.size()) {
        return base::fail(base::Errc::journal_schema_unknown, "store.migrate",
                          static_cast<std::uint32_t>(found));
    }
    for (std::size_t next = found; next < schema_migrations.size(); ++next) {
        for (const std::string& sql : statements_of(schema_migrations[next])) {
            TRY_VOID(session_->send(sql.c_str()));
        }
        TRY_VOID(session_->exchange());
    }
    const auto version = static_cast<std::int64_t>(schema_migrations.size());
    if (found != schema_migrations.size()) TRY_VOID(run(store_version, {version}));
    TRY_VOID(transaction.commit());
    return true;
}

base::Result<void> PostgresStore::migrate() {
    for (unsigned attempt = 1; attempt <= limits::migration_attempts_max; ++attempt) {
        TRY(made, make_version_table());
        if (made) {
            TRY_VOID(take_migrations());
            return {};
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10 * attempt));
    }
    return base::fail(base::Errc::busy, "store.migrate");
}

}  // namespace backend
