// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/service/sequencer_thread.hpp"

#include <chrono>

#include "drivers/base/log.hpp"
#include "sync/backend/log/sequencer.hpp"

namespace backend {

using std::chrono::milliseconds;

SequencerThread::SequencerThread(Parts parts)
    : store_(std::move(parts.store)),
      lease_(parts.holder),
      listener_(parts.listener),
      clock_(parts.clock),
      background_(parts.background),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void SequencerThread::wanted() {
    {
        const std::lock_guard lock(mutex_);
        wanted_ = true;
    }
    wake_.notify_one();
}

void SequencerThread::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        const bool had_lease = lease_.held();
        const auto size = step(stop);
        if (had_lease && !lease_.held() && background_ != nullptr) ++background_->leases_lost;
        // A failed step is tried again; the records are durable and wait.
        if (!size) base::log_error(size.error());
        if (size && *size > log_size_) {
            log_size_ = *size;
            listener_.log_grew();
        }
        rest(stop);
    }
    if (const auto released = lease_.release(*store_); !released) base::log_error(released.error());
}

/// returns  the size of the log.
base::Result<std::uint64_t> SequencerThread::step(const std::stop_token& stop) {
    TRY(held, lease_.tend(*store_, clock_.boot_ms()));
    if (!held) {
        TRY(head, read_log_head(*store_));
        return head.size;
    }
    while (true) {
        TRY(before, read_log_head(*store_));
        TRY(after, sequence(*store_, &lease_));
        const bool more = after.size - before.size >= limits::sequencer_entries_max;
        if (!more || stop.stop_requested()) return after.size;
    }
}

/// The holder's rounds keep a distance, so that each takes what has gathered; without anything to
/// do it only beats. A follower looks more often while somebody waits.
void SequencerThread::rest(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    const auto never = [] { return false; };
    const bool asked = std::exchange(wanted_, false);
    if (!lease_.held()) {
        const auto look_ms = asked ? limits::follower_look_ms_min : limits::sequencer_round_ms;
        wake_.wait_for(lock, stop, milliseconds(look_ms), never);
        // Whoever asked is still waiting until the log has grown or its time is over.
        wanted_ = wanted_ || asked;
        return;
    }
    wake_.wait_for(lock, stop, milliseconds(limits::sequencer_round_ms), never);
    wake_.wait_for(lock, stop, milliseconds(limits::lease_beat_ms - limits::sequencer_round_ms),
                   [this] { return wanted_; });
}

}  // namespace backend
