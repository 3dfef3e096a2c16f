// SPDX-License-Identifier: EUPL-1.2
// The insight thread: asks the backend, through syncd, what is known about the person who stands
// here. A thread of its own because the answer may take seconds, and neither a record nor a card
// waits for it. One question at a time; the newest replaces one that is under way, and the end of a
// session ends it. Keeps nothing between two questions (K1). Called from the UI thread.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <filesystem>
#include <memory>

#include "kiosk/runtime/insight_question.hpp"
#include "kiosk/runtime/mailbox.hpp"

namespace runtime {

struct InsightSettings {
    std::filesystem::path socket;  ///< insight.sock
    uid_t syncd_uid = 0;           ///< the only user that may connect to it
    InsightTrust trust;
};

class InsightWorker {
  public:
    struct Ports {
        Mailbox& mailbox;
        port::KeyStore& keys;  ///< no other thread uses it
        port::Clock& clock;
        const std::atomic<std::uint64_t>& observed;  ///< largest log size verified by the journal
    };
    /// All ports outlive the worker. errors: those of outbox::InsightSocket::open.
    static base::Result<std::unique_ptr<InsightWorker>> start(InsightSettings settings,
                                                              Ports ports);
    ~InsightWorker();
    InsightWorker(const InsightWorker&) = delete;
    InsightWorker& operator=(const InsightWorker&) = delete;

    /// Answer: InsightKnown or InsightFailed. Never waits.
    void ask(core::RequestInsight request);
    /// The backend's keys from the next question on. Any thread.
    void believe(const seal::PublicJwk& views, std::vector<crypto::Point> receipts);
    /// Forgets the question that waits and ends the one under way; neither is answered.
    void cancel();

  private:
    class Thread;
    explicit InsightWorker(std::unique_ptr<Thread> thread);
    std::unique_ptr<Thread> thread_;
};

}  // namespace runtime
