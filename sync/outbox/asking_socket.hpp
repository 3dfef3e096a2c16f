// SPDX-License-Identifier: EUPL-1.2
// The kiosk's end of a socket on which the kiosk asks and syncd answers: signatures
// (signing_socket.hpp), insight (insight_socket.hpp). Nobody serves it between two questions: a
// connecting syncd waits in the kernel until it is asked, behind the dead connections of those that
// ran before it, which are dropped then. A syncd that is stopped, slow or hostile costs a question
// its time limit and nothing else. On the thread of whoever asks.
#pragma once

#include <sys/types.h>

#include <string>

#include "drivers/port/clock.hpp"
#include "sync/outbox/frame.hpp"
#include "sync/outbox/unix_socket.hpp"

namespace outbox {

class AskingSocket {
  public:
    struct Options {
        std::string path;  ///< of the socket; an old socket file there is replaced
        uid_t peer_uid;    ///< the only user that may connect
    };
    /// clock outlives the socket. errors: file_io (detail = errno), config_bad (path too long).
    static base::Result<AskingSocket> open(const Options& options, port::Clock& clock);

    struct Patience {
        std::uint32_t ms_max = 0;
        int cancel_fd = -1;                ///< readable = give up with `cancelled`; -1 = none
        std::uint32_t connect_ms_max = 0;  ///< for a syncd that is not there yet; 0 = at once
    };
    /// One whole frame out, one whole frame back.
    /// errors  network_unreachable (no syncd, or it went), network_timeout, cancelled, message_bad
    ///         (more than one answer, or no frame of ours). The connection ends after each of them,
    ///         so a late answer is never taken for that of another question.
    base::Result<Frame> ask(base::ByteView request, const Patience& patience);

  private:
    AskingSocket(Socket listener, uid_t peer_uid, port::Clock& clock)
        : listener_(std::move(listener)), peer_uid_(peer_uid), clock_(&clock) {}
    base::Result<Frame> exchange(base::ByteView request, const Wait& wait);
    bool accept_newest();
    base::Result<void> await_newest(const Patience& patience);

    Socket listener_;
    uid_t peer_uid_;
    port::Clock* clock_;
    Socket socket_;
    bool crowded_ = false;  ///< as many waited as may: more may have been turned away
};

}  // namespace outbox
