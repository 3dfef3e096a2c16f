// SPDX-License-Identifier: EUPL-1.2
// syncd's third task: carries a sealed request for insight to the backend and the sealed answer
// back, while a person stands before the screen. It can read neither. A thread of its own
// (asked.hpp) with a connection of its own; owns nothing that another thread uses.
#pragma once

#include <string>

#include "drivers/port/clock.hpp"
#include "sync/outbox/insight_frame.hpp"
#include "sync/transport/backend.hpp"

namespace syncd {

class InsightCarrier {
  public:
    /// kiosk_socket_path  the kiosk's socket for insight; backend and clock outlive the carrier.
    InsightCarrier(std::string kiosk_socket_path, transport::Backend& backend, port::Clock& clock)
        : path_(std::move(kiosk_socket_path)), backend_(backend), clock_(clock) {}

    /// Connects to the kiosk, again and again, and answers it until `stop_fd` is readable.
    void run(int stop_fd);

  private:
    [[nodiscard]] outbox::InsightAnswer answer(const outbox::AskInsight& request);

    std::string path_;
    transport::Backend& backend_;
    port::Clock& clock_;
};

}  // namespace syncd
