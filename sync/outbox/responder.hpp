// SPDX-License-Identifier: EUPL-1.2
// One request of syncd becomes one answer of the kiosk. Apart from the socket (server.hpp), so that
// the simulation asks the same questions without one. On the thread of its source.
#pragma once

#include <optional>

#include "sync/outbox/frame.hpp"
#include "sync/outbox/source.hpp"

namespace outbox {

class Responder {
  public:
    /// source outlives the responder.
    explicit Responder(Source& source) : source_(source) {}

    /// What the source says to it; a refusal becomes Done with the number of its Errc, and is
    /// logged.
    [[nodiscard]] Answer answer(const Request& request);
    /// The next word about the line counts as news, for instance of a new syncd.
    void forget_link() { link_.reset(); }

  private:
    Source& source_;
    std::optional<LinkStatus> link_;  ///< what the source was told last
};

}  // namespace outbox
