// SPDX-License-Identifier: EUPL-1.2
// The only thing that threads share: a bounded queue of values. A full queue refuses, it never
// blocks the sender, so a stuck worker cannot freeze the screen. Any number of senders and
// receivers.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

#include "drivers/base/check.hpp"

namespace base {

template <class T>
class BoundedQueue {
  public:
    /// items_max   at least 1; the sender decides what a refusal means.
    explicit BoundedQueue(std::size_t items_max) : items_max_(items_max) { CHECK(items_max > 0); }

    /// Adds a value; false if the queue is full (the value is then untouched).
    [[nodiscard]] bool push(T&& value) {
        {
            const std::lock_guard lock(mutex_);
            if (items_.size() == items_max_) return false;
            items_.push_back(std::move(value));
        }
        ready_.notify_one();
        return true;
    }

    /// Takes the oldest value if there is one. Never blocks.
    [[nodiscard]] std::optional<T> try_pop() {
        const std::lock_guard lock(mutex_);
        return take();
    }

    /// Waits for a value at most `wait`, or until a stop is asked for.
    [[nodiscard]] std::optional<T> pop(const std::stop_token& stop,
                                       std::chrono::milliseconds wait) {
        std::unique_lock lock(mutex_);
        ready_.wait_for(lock, stop, wait, [this] { return !items_.empty(); });
        return take();
    }

    [[nodiscard]] std::size_t size() const {
        const std::lock_guard lock(mutex_);
        return items_.size();
    }

  private:
    std::optional<T> take() {
        if (items_.empty()) return std::nullopt;
        std::optional<T> value(std::move(items_.front()));
        items_.pop_front();
        return value;
    }

    const std::size_t items_max_;
    mutable std::mutex mutex_;
    std::condition_variable_any ready_;
    std::deque<T> items_;
};

}  // namespace base
