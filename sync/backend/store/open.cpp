// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/store/open.hpp"

#include "sync/backend/store/postgres/postgres_store.hpp"
#include "sync/backend/store/sqlite/sqlite_store.hpp"

namespace backend {

namespace {
constexpr std::string_view sqlite_scheme = "sqlite:";
}

std::string sqlite_file(const std::string& store) {
    return store.starts_with(sqlite_scheme) ? store.substr(sqlite_scheme.size()) : std::string();
}

base::Result<std::unique_ptr<StoreOpener>> open_stores(const std::string& store) {
    if (const std::string file = sqlite_file(store); !file.empty()) {
        return std::make_unique<SqliteOpener>(file);
    }
    if (store.starts_with("postgresql://") || store.starts_with("postgres://")) {
        TRY_VOID(postgres::check_address(store));
        return std::make_unique<PostgresOpener>(store);
    }
    return base::fail(base::Errc::config_bad, "store.form");
}

}  // namespace backend
