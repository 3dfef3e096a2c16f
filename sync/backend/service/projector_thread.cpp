// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/service/projector_thread.hpp"

#include <chrono>

#include "drivers/base/log.hpp"

namespace backend {
namespace {

constexpr std::chrono::milliseconds look_again_ms{1'000};

}  // namespace

ProjectorThread::ProjectorThread(Parts parts)
    : store_(std::move(parts.store)),
      opener_(parts.views_keys, random_),
      issuer_(std::move(parts.issuer), {parts.receipt_key, parts.clock, random_}),
      projector_({*store_, opener_, parts.directory, issuer_, parts.clock}),
      feed_({*store_, issuer_, parts.clock}),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void ProjectorThread::log_grew() {
    {
        const std::lock_guard lock(mutex_);
        pending_ = true;
    }
    grew_.notify_one();
}

void ProjectorThread::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        {
            std::unique_lock lock(mutex_);
            grew_.wait_for(lock, stop, look_again_ms, [this] { return pending_; });
            pending_ = false;
        }
        // A failed step is tried again with the next wake-up; the cursor has not moved.
        while (!stop.stop_requested()) {
            const auto taken = projector_.step();
            if (!taken) base::log_error(taken.error());
            if (!taken || *taken == 0) break;
        }
        if (const auto told = feed_.catch_up(); !told) base::log_error(told.error());
    }
}

}  // namespace backend
