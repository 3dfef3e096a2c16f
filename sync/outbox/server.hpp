// SPDX-License-Identifier: EUPL-1.2
// The kiosk's end of the socket. It never waits for syncd: every call does what can be done now and
// returns, one request at most, so a stopped, killed or hostile syncd costs the journal worker
// nothing but its turn. One connection; a newer one replaces it (a stopped syncd must not lock out
// its successor). Peer credentials are checked by the kernel. Thread: the journal worker's.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>

#include "drivers/base/result.hpp"
#include "drivers/port/clock.hpp"
#include "sync/outbox/source.hpp"

namespace outbox {

class Server {
  public:
    struct Options {
        std::string path;  ///< of the socket; an old socket file there is replaced
        uid_t peer_uid;    ///< the only user that may connect
    };
    /// source and clock outlive the server. errors: file_io (detail = errno), config_bad (path too
    /// long).
    static base::Result<std::unique_ptr<Server>> open(const Options& options, Source& source,
                                                      port::Clock& clock);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Waits at most `wait_ms` (0 = not at all) for syncd or for `wake_fd` (-1 = none) and does
    /// what can be done. At most one request is answered, so the worker looks at its queue between
    /// any two.
    void turn(int wait_ms, int wake_fd = -1);
    /// Something was recorded: tells syncd at the next turn, once until it asks again. Never waits.
    void tell_news();
    /// True while a syncd is connected.
    [[nodiscard]] bool connected() const;
    /// True if it came or asked something within limits::syncd_silent_ms_max: one that is stopped
    /// stays connected, and what it said of the line is old.
    [[nodiscard]] bool heard() const;

  private:
    class State;
    explicit Server(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace outbox
