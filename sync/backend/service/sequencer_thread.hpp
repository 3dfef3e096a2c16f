// SPDX-License-Identifier: EUPL-1.2
// The sequencer of an instance that shares its database with others, on a thread and a connection
// of its own: tends the lease, gives out places in rounds while it holds it, and follows the log
// while another one does. Norm: sync.md "Chain and backend": leased, 250 ms to 1 s, never inside
// ingest.
//
// Why requests wait for the sequencer and do not sequence themselves: every instance would queue at
// the one row that the log ends in, for a commit each. One holder takes what all instances have
// ingested since the last round in one commit, and a waiting request costs nothing.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "drivers/port/clock.hpp"
#include "sync/backend/log/lease.hpp"
#include "sync/backend/service/background.hpp"
#include "sync/backend/service/terminal_routes.hpp"

namespace backend {

class SequencerThread final : public LogQueue {
  public:
    struct Parts {
        std::unique_ptr<Store> store;
        Lease::Holder holder;
        LogListener& listener;  ///< hears that the log has grown, whoever made it grow
        port::Clock& clock;
        Background* background = nullptr;  ///< null: nobody watches
    };
    explicit SequencerThread(Parts parts);

    void wanted() override;
    [[nodiscard]] std::uint64_t log_size() const override { return log_size_; }

  private:
    void run(const std::stop_token& stop);
    base::Result<std::uint64_t> step(const std::stop_token& stop);
    void rest(const std::stop_token& stop);

    std::unique_ptr<Store> store_;
    Lease lease_;
    LogListener& listener_;
    port::Clock& clock_;
    Background* background_;
    std::atomic<std::uint64_t> log_size_ = 0;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    bool wanted_ = true;
    std::jthread thread_;  // last: stops before everything it uses
};

}  // namespace backend
