// SPDX-License-Identifier: EUPL-1.2
// The kiosk's end of the third socket: insight, as far as the insight thread can see it. What comes
// back is opened and verified by receipts::open_insight_answer, and by nobody before. Insight
// thread.
#pragma once

#include <string>

#include "sync/outbox/asking_socket.hpp"
#include "sync/outbox/insight_frame.hpp"

namespace outbox {

class InsightSocket {
  public:
    using Options = AskingSocket::Options;
    /// clock outlives the socket. errors: file_io (detail = errno), config_bad (path too long).
    static base::Result<InsightSocket> open(const Options& options, port::Clock& clock);

    /// Carries a sealed request and returns the sealed answer. cancel_fd: readable = give up.
    /// errors  network_unreachable (no syncd within limits::insight_connect_ms_max, no backend),
    ///         network_timeout (limits::insight_answer_ms_max), cancelled, message_bad, and what
    ///         syncd refused with.
    base::Result<std::string> ask(std::string jwe, int cancel_fd);

  private:
    explicit InsightSocket(AskingSocket socket) : socket_(std::move(socket)) {}
    AskingSocket socket_;
};

}  // namespace outbox
