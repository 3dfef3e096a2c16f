// SPDX-License-Identifier: EUPL-1.2
// From the text of --store to an engine: the one place that knows which there are.
#pragma once

#include <memory>
#include <string>

#include "sync/backend/store/store.hpp"

namespace backend {

/// store   sqlite:FILE, or postgresql://.. as libpq reads it, without a password in it.
/// errors  config_bad. Opens nothing yet.
base::Result<std::unique_ptr<StoreOpener>> open_stores(const std::string& store);
/// FILE of sqlite:FILE; empty for every other engine.
[[nodiscard]] std::string sqlite_file(const std::string& store);

}  // namespace backend
