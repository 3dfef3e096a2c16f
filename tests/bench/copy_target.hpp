// SPDX-License-Identifier: EUPL-1.2
// The fastest way that PostgreSQL has to take rows: COPY in its binary form, on a connection of its
// own. What ingest is measured against.
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>

#include "drivers/base/handle.hpp"
#include "sync/backend/store/store.hpp"

namespace bench {

class CopyTarget {
  public:
    explicit CopyTarget(const std::string& url);

    /// Rows in the form that COPY .. (FORMAT binary) reads. Pure; not part of what is measured.
    [[nodiscard]] static std::string encode(const backend::Rows& rows);
    /// The process of the server that serves this connection.
    [[nodiscard]] int session() const { return PQbackendPID(connection_.get()); }
    void begin() { run("BEGIN"); }
    /// table  by name; content from encode().
    void copy(const std::string& table, const std::string& content);
    void commit() { run("COMMIT"); }

  private:
    void run(const char* sql);

    std::unique_ptr<PGconn, base::Deleter<PQfinish>> connection_;
};

}  // namespace bench
