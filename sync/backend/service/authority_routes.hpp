// SPDX-License-Identifier: EUPL-1.2
// What an authority may ask, and the case worker's page. The certificate says which authority it
// is; nothing in path or body can change that. A browser sends its certificate with every request,
// so whatever changes something must be a JSON POST of our own page (no form of another site can
// send one). Runs on the server's thread.
#pragma once

#include "sync/backend/authorities/desk.hpp"
#include "sync/backend/service/exchange_routes.hpp"
#include "sync/backend/service/routes.hpp"
#include "sync/backend/views/change_feed.hpp"
#include "sync/backend/views/projector.hpp"
#include "sync/http/server.hpp"

namespace backend {

class AuthorityRoutes {
  public:
    struct Parts {
        Desk& desk;
        Projector& projector;
        ChangeFeed& feed;
        ExchangeRoutes& exchange;
        const Directory& directory;
    };
    /// All use the same store.
    explicit AuthorityRoutes(Parts parts) : parts_(parts) {}

    /// A request of an authority whose route has been found; request.peer is set.
    http::Answer answer(const http::Request& request, Endpoint endpoint,
                        const std::vector<std::string>& segments);

  private:
    http::Response handle(const http::Request& request, Endpoint endpoint,
                          const std::vector<std::string>& segments);
    /// What the log has taken since is part of every answer.
    base::Result<void> catch_up();
    /// A file of the page, also for an authority that is not served here: it holds no data.
    static http::Response page(const std::vector<std::string>& segments);
    http::Answer inbox(const http::Request& request, std::string_view authority);
    http::Response assignment(const http::Request& request, std::string_view authority,
                              const std::string& declaration);
    http::Response usable(const http::Request& request, std::string_view authority);
    http::Response applied(const http::Request& request, std::string_view authority,
                           const std::string& declaration);

    Parts parts_;
};

}  // namespace backend
