// SPDX-License-Identifier: EUPL-1.2
// One session with a PostgreSQL server: connecting with bounds on every wait, and exchanges of
// several statements in one round trip (pipeline mode). Knows nothing of our statements or schema.
// One thread. Norm: PostgreSQL 15 manual, 34.1 (connection parameters) and 34.5 (pipeline mode).
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>

#include "drivers/base/handle.hpp"
#include "drivers/base/result.hpp"
#include "sync/backend/store/postgres/values.hpp"

namespace backend::postgres {

/// Checks the form of a connection string without using it. A password in it is refused: it would
/// stand in the list of processes; ~/.pgpass or PGPASSFILE keep it.
/// errors  config_bad.
base::Result<void> check_address(const std::string& url);

class Session {
  public:
    /// Connects and sets what we rely on: UTF-8, commits that wait for the disk, and an end to
    /// statements, waits and transactions that last too long.
    /// errors  config_bad, network_unreachable, journal_open_failed (the server refuses us, or its
    ///         database is not in UTF-8).
    static base::Result<std::unique_ptr<Session>> open(const std::string& url);

    /// Queues one command of the next exchange. errors: network_unreachable.
    base::Result<void> send(const char* sql);
    base::Result<void> send_prepare(const std::string& name, const std::string& sql,
                                    const Parameters& like);
    base::Result<void> send_prepared(const std::string& name, const Parameters& parameters);
    /// Sends the queue, waits, and gives the answers in order.
    /// errors  of the first command that failed: busy, journal_full, journal_io,
    ///         network_unreachable; detail = SQLSTATE (see sqlstate()).
    base::Result<std::vector<Answer>> exchange();

    /// Commands sent since the last exchange.
    [[nodiscard]] std::size_t queued() const { return queued_; }
    [[nodiscard]] bool lost() const { return PQstatus(connection_.get()) != CONNECTION_OK; }
    /// True between BEGIN and its end, also after a statement in it has failed.
    [[nodiscard]] bool in_transaction() const {
        return PQtransactionStatus(connection_.get()) != PQTRANS_IDLE;
    }

  private:
    using Handle = std::unique_ptr<PGconn, base::Deleter<PQfinish>>;

    explicit Session(Handle connection) : connection_(std::move(connection)) {}
    base::Result<void> configure();
    base::Result<void> count(int sent);
    [[nodiscard]] base::Error error_of(const PGresult* answer) const;

    Handle connection_;
    std::size_t queued_ = 0;
};

}  // namespace backend::postgres
