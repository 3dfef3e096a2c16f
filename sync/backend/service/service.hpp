// SPDX-License-Identifier: EUPL-1.2
// The backend's whole interface as one function from request to response: finds the route
// (routes.hpp) and asks the part that serves it. Knows no socket, so tests call it directly. Runs
// on the server's thread. For strangers: interface.md.
#pragma once

#include "sync/backend/downstream/served_folder.hpp"
#include "sync/backend/service/authority_routes.hpp"
#include "sync/backend/service/insight_routes.hpp"
#include "sync/backend/service/log_routes.hpp"
#include "sync/backend/service/page_check.hpp"
#include "sync/backend/service/portal_routes.hpp"
#include "sync/backend/service/terminal_routes.hpp"
#include "sync/http/server.hpp"

namespace backend {

class Service final : public http::Handler {
  public:
    struct Parts {
        Store& store;
        port::Clock& clock;
        Counters& counters;
        TerminalRoutes* terminals;     ///< null without the role ingest
        AuthorityRoutes* authorities;  ///< null without the role views
        InsightRoutes* insight;        ///< null without the role views
        PortalRoutes* portal;          ///< null without the role views
        LogRoutes& log;
        const ServedFolder* downstream;  ///< null without --downstream
        Contacts& contacts;
        std::string folder;  ///< where the database stands, for metrics; empty = elsewhere
    };
    explicit Service(Parts parts) : parts_(std::move(parts)), started_ms_(parts_.clock.wall_ms()) {}

    /// For callers that cannot wait; there must be no log queue (CHECKed).
    http::Response handle(const http::Request& request) override;
    http::Answer answer(const http::Request& request) override;

  private:
    http::Answer route(const http::Request& request, const Route* route);
    http::Response insight(const http::Request& request, const std::string& terminal);
    std::optional<http::Response> refuse_revoked(const Route& route, const http::Request& request);
    http::Response health();
    http::Response metrics();
    http::Response check_page();
    http::Response uncovered();
    http::Response releases(const std::string& tag);

    Parts parts_;
    std::uint64_t started_ms_;
    CheckPage check_page_;
};

/// What the plain listener answers: health and the page that checks slips, which may be passed on
/// to the public, and nothing else.
class PlainService final : public http::Handler {
  public:
    explicit PlainService(Service& service) : service_(service) {}
    http::Response handle(const http::Request& request) override;

  private:
    Service& service_;
};

/// What the operator's own listener answers: health and metrics, which name nobody but tell how
/// busy sites are, and nothing else.
class MetricsService final : public http::Handler {
  public:
    explicit MetricsService(Service& service) : service_(service) {}
    http::Response handle(const http::Request& request) override;

  private:
    Service& service_;
};

}  // namespace backend
