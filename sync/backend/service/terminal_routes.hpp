// SPDX-License-Identifier: EUPL-1.2
// What a terminal may ask: enrol, hand in batches and advance copies, fetch events. The certificate
// says which terminal it is; the path and the body must agree. Runs on the server's thread.
#pragma once

#include "drivers/port/clock.hpp"
#include "sync/backend/ingest/ingest.hpp"
#include "sync/backend/log/receipts.hpp"
#include "sync/backend/service/metrics.hpp"
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

    /// segments of "/v1/enrolments" or "/v1/terminals/..."; `caller` is the certificate's common
    /// name.
    http::Response handle(const http::Request& request, const std::vector<std::string>& segments,
                          std::string_view caller);

  private:
    http::Response enrolment(const http::Request& request, const base::Uuid& terminal);
    http::Response batch(const http::Request& request, const base::Uuid& terminal);
    http::Response advance(const http::Request& request, const base::Uuid& terminal);
    http::Response events(const http::Request& request, const base::Uuid& terminal);
    base::Result<std::vector<std::string>> receipts_of(const BatchOutcome& outcome);
    base::Result<std::vector<std::string>> receipts_of(const AdvanceOutcome& outcome);

    Parts parts_;
};

}  // namespace backend
