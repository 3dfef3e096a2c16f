// SPDX-License-Identifier: EUPL-1.2
// Carries what comes down from a source to the kiosk: roots one after the other, the manifest, then
// the files that the kiosk says it lacks. Keeps nothing itself: the kiosk knows how much of each
// file it has, so a stop at any place costs nothing. One thread.
#pragma once

#include <cstddef>

#include "drivers/base/result.hpp"
#include "sync/outbox/client.hpp"
#include "sync/syncd/downstream_source.hpp"

namespace syncd {

class DownstreamCarrier {
  public:
    struct Parts {
        DownstreamSource& source;
        outbox::Client& kiosk;
    };
    explicit DownstreamCarrier(Parts parts) : parts_(parts) {}

    /// Goes on for at most so many pieces (of limits::downstream_piece_bytes_max), so that records
    /// have their turn in between; without a bound for a stick.
    /// returns  true if there is nothing left to carry now: the kiosk has all of it, the source
    ///          has no more of it, or nothing comes down to this terminal at all.
    /// errors   those of source and socket; what the kiosk refused (manifest_*), file_io.
    base::Result<bool> carry(std::size_t pieces_max);

  private:
    base::Result<void> offer_roots(std::uint64_t version);
    base::Result<void> offer_lists();
    base::Result<bool> carry_files(std::size_t pieces_max);

    Parts parts_;
    bool files_under_way_ = false;  ///< the lists were offered, and pieces are still missing
};

}  // namespace syncd
