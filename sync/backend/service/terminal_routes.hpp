// SPDX-License-Identifier: EUPL-1.2
// What a terminal may ask: enrol, hand in batches and advance copies, fetch events. The certificate
// says which terminal it is; the path and the body must agree. Runs on the server's thread.
#pragma once

#include "drivers/port/clock.hpp"
#include "sync/backend/ingest/ingest.hpp"
#include "sync/backend/log/receipts.hpp"
#include "sync/backend/service/attempts.hpp"
#include "sync/backend/service/metrics.hpp"
#include "sync/backend/service/routes.hpp"
#include "sync/http/message.hpp"

namespace backend {

/// Hears that the log has grown, so that the views can follow. Any thread.
class LogListener {
  public:
    virtual ~LogListener() = default;
    virtual void log_grew() = 0;
};

class TerminalRoutes {
  public:
    struct Parts {
        Store& store;
        const ReceiptIssuer& issuer;
        port::Clock& clock;
        Counters& counters;
        LogListener& listener;
    };
    explicit TerminalRoutes(Parts parts) : parts_(parts) {}

    /// A request of a terminal whose route has been found; request.peer is set.
    http::Response handle(const http::Request& request, Endpoint endpoint,
                          const std::vector<std::string>& segments);

  private:
    http::Response enrolment(const http::Request& request, const base::Uuid& terminal);
    http::Response batch(const http::Request& request, const base::Uuid& terminal);
    http::Response advance(const http::Request& request, const base::Uuid& terminal);
    http::Response events(const http::Request& request, const base::Uuid& terminal);
    http::Response chains(const base::Uuid& terminal);
    base::Result<std::vector<std::string>> receipts_of(const BatchOutcome& outcome);
    base::Result<std::vector<std::string>> receipts_of(const AdvanceOutcome& outcome);

    Parts parts_;
    Attempts attempts_;
};

}  // namespace backend
