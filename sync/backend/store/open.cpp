// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/store/open.hpp"

#include "sync/backend/store/postgres/postgres_store.hpp"
#include "sync/backend/store/sqlite/sqlite_store.hpp"

namespace backend {

base::Result<std::unique_ptr<StoreOpener>> open_stores(const std::string& store) {
    constexpr std::string_view sqlite = "sqlite:";
    if (store.starts_with(sqlite) && store.size() > sqlite.size()) {
        return std::make_unique<SqliteOpener>(store.substr(sqlite.size()));
    }
    if (store.starts_with("postgresql://") || store.starts_with("postgres://")) {
        TRY_VOID(postgres::check_address(store));
        return std::make_unique<PostgresOpener>(store);
    }
    return base::fail(base::Errc::config_bad, "store.form");
}

}  // namespace backend
