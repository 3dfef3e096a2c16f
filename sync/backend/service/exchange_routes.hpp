// SPDX-License-Identifier: EUPL-1.2
// What the programs of an authority ask and say, beside the case worker's desk: what has changed
// since they last looked, what they did with a release, what they ask a person for. The caller has
// proved which authority it is, and every question is asked for it alone. Runs on the server's
// thread.
#pragma once

#include <string_view>

#include "sync/backend/authorities/accesses.hpp"
#include "sync/backend/authorities/directory.hpp"
#include "sync/backend/service/routes.hpp"
#include "sync/backend/store/store.hpp"
#include "sync/http/message.hpp"

namespace backend {

class ExchangeRoutes {
  public:
    struct Parts {
        Store& store;
        AccessBook& accesses;
        const Directory& directory;
        port::Clock& clock;
    };
    explicit ExchangeRoutes(Parts parts) : parts_(parts) {}

    /// A request of a served authority whose route has been found.
    http::Response handle(const http::Request& request, Endpoint endpoint,
                          std::string_view authority);

  private:
    http::Response changes(const http::Request& request, std::string_view authority);
    http::Response access(const http::Request& request, std::string_view authority);
    http::Response coverage(const http::Request& request, std::string_view authority);
    http::Response release_request(const http::Request& request, std::string_view authority);

    Parts parts_;
};

}  // namespace backend
