// SPDX-License-Identifier: EUPL-1.2
// What comes down, over HTTP: roots, the manifest and the files it names, whole or in ranges
// (RFC 9110 14, one range), or not at all to who has it already (ETag, 13.1). For terminals and
// auditors. Runs on the server's thread.
#pragma once

#include <string>
#include <vector>

#include "sync/backend/downstream/served_folder.hpp"
#include "sync/backend/service/routes.hpp"
#include "sync/http/message.hpp"

namespace backend {

/// folder  null: this backend serves none (--downstream), so every file is absent.
[[nodiscard]] http::Response serve_downstream(const ServedFolder* folder,
                                              const http::Request& request, Endpoint endpoint,
                                              const std::vector<std::string>& segments);

}  // namespace backend
