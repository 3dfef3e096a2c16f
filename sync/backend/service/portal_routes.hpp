// SPDX-License-Identifier: EUPL-1.2
// What a citizens' portal may ask: tie one of its accounts to a person by the code from a slip, and
// then see what that person's card would show. The certificate says which portal it is; an account
// that is not linked, or another portal's, is one and the same answer. Runs on the server's thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sync/backend/authorities/consent_export.hpp"
#include "sync/backend/authorities/insight_desk.hpp"
#include "sync/backend/authorities/portal.hpp"
#include "sync/backend/service/routes.hpp"
#include "sync/backend/views/projector.hpp"
#include "sync/http/server.hpp"

namespace backend {

class PortalRoutes {
  public:
    struct Parts {
        Store& store;
        PortalLinks& links;
        InsightDesk& desk;
        ConsentExport& consents;
        Projector& projector;
        port::Clock& clock;
    };
    explicit PortalRoutes(Parts parts) : parts_(parts) {}

    /// A request of a portal whose route has been found; request.peer is set.
    http::Answer answer(const http::Request& request, Endpoint endpoint,
                        const std::vector<std::string>& segments);

  private:
    http::Response link(const http::Request& request, std::string_view portal);
    http::Response insight(const http::Request& request, const PortalAccount& account);
    http::Answer consents(const PortalAccount& account);
    http::Response end(const PortalAccount& account);
    std::uint64_t wait_ms(const std::string& who) const;
    void failed(const std::string& who);

    struct Failures {
        unsigned count = 0;
        std::uint64_t until_ms = 0;  ///< on the boot clock
    };
    Parts parts_;
    std::map<std::string, Failures> failures_;
};

}  // namespace backend
