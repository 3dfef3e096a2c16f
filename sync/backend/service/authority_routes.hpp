// SPDX-License-Identifier: EUPL-1.2
// What an authority may ask, and the case worker's page. The certificate says which authority it
// is; nothing in path or body can change that. A browser sends its certificate with every request,
// so whatever changes something must be a JSON POST of our own page (no form of another site can
// send one). Runs on the server's thread.
#pragma once

#include "sync/backend/authorities/desk.hpp"
#include "sync/backend/views/projector.hpp"
#include "sync/http/message.hpp"

namespace backend {

class AuthorityRoutes {
  public:
    /// desk and projector use the same store.
    AuthorityRoutes(Desk& desk, Projector& projector, const Directory& directory)
        : desk_(desk), projector_(projector), directory_(directory) {}

    http::Response handle(const http::Request& request, const std::vector<std::string>& segments,
                          std::string_view authority);
    /// A file of the page; segments of "/agency/...". Anybody with a certificate may load it: it
    /// holds no data.
    static http::Response page(const std::vector<std::string>& segments);

  private:
    http::Response inbox(std::string_view authority);
    http::Response assignment(const http::Request& request, std::string_view authority,
                              const std::string& declaration);
    http::Response usable(const http::Request& request, std::string_view authority);
    http::Response applied(const http::Request& request, std::string_view authority,
                           const std::string& declaration);

    Desk& desk_;
    Projector& projector_;
    const Directory& directory_;
};

}  // namespace backend
