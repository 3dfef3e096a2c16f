// SPDX-License-Identifier: EUPL-1.2
// What a terminal may ask: enrol, hand in batches and advance copies, fetch events. The certificate
// says which terminal it is; the path and the body must agree. Runs on the server's thread.
#pragma once

#include "drivers/port/clock.hpp"
#include "sync/backend/ingest/ingest.hpp"
#include "sync/backend/log/receipts.hpp"
#include "sync/backend/service/attempts.hpp"
#include "sync/backend/service/contacts.hpp"
#include "sync/backend/service/metrics.hpp"
#include "sync/backend/service/routes.hpp"
#include "sync/http/server.hpp"

namespace backend {

/// Hears that the log has grown, so that the views can follow. Any thread.
class LogListener {
  public:
    virtual ~LogListener() = default;
    virtual void log_grew() = 0;
};

/// Where a request asks for places in the log, if another thread or instance gives them out. Any
/// thread.
class LogQueue {
  public:
    virtual ~LogQueue() = default;
    /// There are records without a place.
    virtual void wanted() = 0;
    /// The size of the log as far as this instance knows it; only grows.
    [[nodiscard]] virtual std::uint64_t log_size() const = 0;
};

class TerminalRoutes {
  public:
    struct Parts {
        Store& store;
        const ReceiptIssuer& issuer;
        port::Clock& clock;
        Counters& counters;
        LogListener& listener;
        Contacts& contacts;
        /// Null: this is the only instance, on a database with one writer. A second thread would
        /// only wait for the first, so the records get their places in a transaction of their own
        /// right after the one that took them in.
        LogQueue* queue = nullptr;
    };
    explicit TerminalRoutes(Parts parts) : parts_(parts) {}

    /// A request of a terminal whose route has been found; request.peer is set. With a queue the
    /// receipts of new records come later: a receipt names their places in the log.
    http::Answer answer(const http::Request& request, Endpoint endpoint,
                        const std::vector<std::string>& segments);

  private:
    http::Response enrolment(const http::Request& request, const base::Uuid& terminal);
    http::Answer batch(const http::Request& request, const base::Uuid& terminal);
    http::Answer advance(const http::Request& request, const base::Uuid& terminal);
    template <class Outcome>
    http::Answer receipts(const Outcome& outcome);
    http::Response reply(const BatchOutcome& outcome, const std::vector<std::string>& sets);
    http::Response reply(const AdvanceOutcome& outcome, const std::vector<std::string>& sets);
    void make_places();
    http::Response events(const http::Request& request, const base::Uuid& terminal);
    http::Response chains(const base::Uuid& terminal);
    http::Response key(const http::Request& request, const base::Uuid& terminal);
    http::Response refuse_revoked();
    /// Counts how late the new records of a delivery are, and how far a clock is off.
    std::uint64_t delay_of(const base::Uuid& terminal, const RecordTimes& times);
    base::Result<std::vector<std::string>> receipts_of(const BatchOutcome& outcome);
    base::Result<std::vector<std::string>> receipts_of(const AdvanceOutcome& outcome);

    Parts parts_;
    Attempts attempts_;
};

}  // namespace backend
