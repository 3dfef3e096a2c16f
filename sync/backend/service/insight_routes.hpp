// SPDX-License-Identifier: EUPL-1.2
// A terminal asks in its holder's name what is known about them. The body is sealed to the views
// key and signed by the terminal's journal key, so neither syncd nor this connection is trusted
// with it, and the answer opens in that session alone. Only instances with the role views serve it.
// Runs on the server's thread. Norm: sync.md "Insight".
#pragma once

#include <map>
#include <span>

#include "drivers/crypto/ec.hpp"
#include "drivers/port/clock.hpp"
#include "drivers/port/random.hpp"
#include "sync/backend/authorities/insight_desk.hpp"
#include "sync/backend/authorities/invitations.hpp"
#include "sync/backend/authorities/portal.hpp"
#include "sync/backend/service/routes.hpp"
#include "sync/backend/views/change_feed.hpp"
#include "sync/backend/views/projector.hpp"
#include "sync/http/message.hpp"

namespace backend {

class InsightRoutes {
  public:
    struct Parts {
        Store& store;
        InsightDesk& desk;
        InvitationDesk& invitations;
        PortalLinks& links;
        Projector& projector;
        std::span<const crypto::KeyPair> views_keys;  ///< the present one first
        const crypto::KeyPair& receipt_key;
        port::Clock& clock;
        port::Random& random;
    };
    explicit InsightRoutes(Parts parts) : parts_(parts) {}

    /// A request of this terminal: its certificate and the path have been found to agree.
    http::Response insight(const http::Request& request, const base::Uuid& terminal);

  private:
    base::Result<receipts::InsightRequest> opened(std::string_view body,
                                                  const base::Uuid& terminal) const;
    base::Result<std::string> answer(const receipts::InsightRequest& request);
    /// Milliseconds until this terminal may ask again; 0 = now, and this one counts.
    std::uint64_t wait_ms(const base::Uuid& terminal);

    struct Window {
        std::uint64_t until_ms = 0;  ///< on the boot clock
        unsigned asked = 0;
    };
    Parts parts_;
    std::map<base::Uuid, Window> windows_;
};

}  // namespace backend
