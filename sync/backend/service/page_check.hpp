// SPDX-License-Identifier: EUPL-1.2
// The page that tells a stranger whether a slip is genuine (www/check). The slip's check code is
// signed by the journal key of its terminal, so the page carries those public keys, all that were
// ever enrolled, newest first: a JWK Set with the terminal as kid and nothing else, no site name.
// Style, script and keys stand in one file; the policy admits that style and that script by their
// hashes, and no connection. So the page verifies without a server, and no server learns the code.
// Runs on the thread of the store. Norm: RFC 7517 5, CSP 3.
#pragma once

#include <string>

#include "sync/backend/store/store.hpp"
#include "sync/http/message.hpp"

namespace backend {

class CheckPage {
  public:
    /// Puts the parts together; CHECKs that they fit.
    CheckPage();
    /// The page with the keys of this moment, at most 2,048: above that, terminals are missing, and
    /// to the page a missing one is unknown, not forged.
    /// errors  those of the store.
    base::Result<http::Response> serve(Store& store, std::uint64_t now_ms) const;

  private:
    std::string before_keys_;
    std::string after_keys_;
    std::string policy_;
};

}  // namespace backend
