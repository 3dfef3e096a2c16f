// SPDX-License-Identifier: EUPL-1.2
// When syncd does what: rounds while the link is up, backoff while it is down, and the kiosk told
// of the difference. A failed round always schedules the next. One thread; every wait ends when the
// stop descriptor is readable.
#pragma once

#include <cstdint>

#include "drivers/port/clock.hpp"
#include "drivers/port/random.hpp"
#include "sync/syncd/backoff.hpp"
#include "sync/syncd/config.hpp"
#include "sync/syncd/courier_desk.hpp"
#include "sync/syncd/downstream_carrier.hpp"
#include "sync/syncd/round.hpp"

namespace syncd {

class Loop {
  public:
    struct Parts {
        outbox::Client& kiosk;
        transport::Backend& backend;
        Spool& spool;
        port::Clock& clock;
        port::Random& random;
        CourierDesk* courier = nullptr;  ///< null = no sticks here
    };
    Loop(Parts parts, const Pace& pace);

    /// Does what is due and returns the milliseconds until the next thing is due. errors: cancelled
    /// only.
    base::Result<std::uint64_t> turn();
    /// turn() until `stop_fd` is readable; a record that the kiosk tells of is sent at once, and
    /// so is what is asked of the courier done.
    void run(int stop_fd);

  private:
    base::Result<void> go_round();
    base::Result<void> fetch_chains_when_due(std::uint64_t now);
    base::Result<void> fetch_news();
    base::Result<void> fetch_downstream();
    base::Result<void> tolerate(const base::Result<void>& fetched);
    void finished();
    void failed(const base::Error& error);
    void set_link(bool up, base::Errc reason);
    void keep_time_floor();
    base::Result<void> talk_to_kiosk();
    void hear_kiosk();

    Parts parts_;
    Pace pace_;
    Round round_;
    BackendDownstream downstream_source_;
    DownstreamCarrier downstream_;
    Backoff backoff_;
    std::uint64_t next_round_ms_ = 0;  ///< on the boot clock
    std::uint64_t next_events_ms_ =
        0;  ///< 0: the first round asks, and so learns whether the link is up
    std::uint64_t next_chains_ms_ = 0;  ///< 0: at the start
    std::uint64_t next_downstream_ms_ = 0;
    outbox::LinkStatus link_;
};

}  // namespace syncd
