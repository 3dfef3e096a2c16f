// SPDX-License-Identifier: EUPL-1.2
// The log for everybody who holds a certificate: the signed checkpoint and the tiles from which any
// proof can be made; for auditors the entries as well, which name terminals and times (never a
// person). Runs on the server's thread. Norms: C2SP tlog-checkpoint, tlog-tiles.
#pragma once

#include <string>
#include <vector>

#include "sync/backend/log/log_signer.hpp"
#include "sync/backend/service/metrics.hpp"
#include "sync/backend/service/routes.hpp"
#include "sync/backend/store/store.hpp"
#include "sync/http/message.hpp"
#include "sync/receipts/tile_path.hpp"

namespace backend {

class LogRoutes {
  public:
    struct Parts {
        Store& store;
        const LogSigner& signer;
        Counters& counters;
    };
    explicit LogRoutes(Parts parts) : parts_(parts) {}

    http::Response handle(const http::Request& request, Endpoint endpoint,
                          const std::vector<std::string>& segments);

  private:
    http::Response checkpoint();
    http::Response growth(const http::Request& request);
    http::Response inclusion(const http::Request& request);
    base::Result<std::string> signed_head(const LogHead& head);
    http::Response tile(const http::Request& request, const std::vector<std::string>& segments);
    base::Result<std::string> hashes_of(const receipts::TileName& name);
    base::Result<std::string> entries_of(const receipts::TileName& name);

    Parts parts_;
    // The last one signed: while the log rests, everybody gets the same text.
    std::uint64_t signed_size_ = 0;
    std::string signed_text_;
};

}  // namespace backend
