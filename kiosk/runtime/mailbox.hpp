// SPDX-License-Identifier: EUPL-1.2
// The way from the workers to the UI thread: a bounded queue of events and a bell that wakes the
// window. Many senders, one receiver.
#pragma once

#include <functional>
#include <optional>
#include <utility>

#include "drivers/base/bounded_queue.hpp"
#include "drivers/base/limits.hpp"
#include "kiosk/core/event.hpp"

namespace runtime {

class Mailbox {
  public:
    /// wake  makes the UI thread look here; callable from any thread. Set before the workers start.
    void on_post(std::function<void()> wake) { wake_ = std::move(wake); }

    /// Hands an event over. A full box means that the UI thread has not run for minutes: the event
    /// is dropped, since a worker must never wait for a screen, and the ticket rule makes a lost
    /// answer a time-out, never a wrong one.
    void post(core::Event event) {
        if (!events_.push(std::move(event))) return;
        if (wake_) wake_();
    }
    [[nodiscard]] std::optional<core::Event> take() { return events_.try_pop(); }

  private:
    base::BoundedQueue<core::Event> events_{4 * limits::worker_queue_items_max};
    std::function<void()> wake_;
};

}  // namespace runtime
