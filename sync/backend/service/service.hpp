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
        const ServedFolder* downstream = nullptr;  ///< null without --downstream
    };
    explicit Service(Parts parts) : parts_(parts) {}

    /// For callers that cannot wait; there must be no log queue (CHECKed).
    http::Response handle(const http::Request& request) override;
    http::Answer answer(const http::Request& request) override;

  private:
    http::Answer route(const http::Request& request);
    void count(const http::Response& response);
    http::Response insight(const http::Request& request, const std::string& terminal);
    http::Response health();
    http::Response metrics();
    http::Response check_page();
    http::Response uncovered();
    http::Response releases(const std::string& tag);

    Parts parts_;
    CheckPage check_page_;
};

/// What the plain listener answers: health, metrics and the page that checks slips, which name
/// nobody, and nothing else.
class PlainService final : public http::Handler {
  public:
    explicit PlainService(Service& service) : service_(service) {}
    http::Response handle(const http::Request& request) override;

  private:
    Service& service_;
};

}  // namespace backend
