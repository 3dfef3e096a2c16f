// SPDX-License-Identifier: EUPL-1.2
// The thread that waits for codes: one at a time, judged by itself, then looked up on the journal
// thread, whose answer reaches the screen. The code is wiped here. Called from the UI thread; owns
// a thread, which sleeps until a code is held to the reader.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

#include "drivers/port/slip_reader.hpp"
#include "kiosk/consent/catalogue.hpp"
#include "kiosk/runtime/journal_worker.hpp"
#include "kiosk/runtime/mailbox.hpp"

namespace runtime {

class SlipWorker {
  public:
    /// All of them outlive the worker.
    struct Parts {
        port::SlipReader& reader;
        JournalWorker& journal;
        Mailbox& mailbox;
        const std::atomic<std::uint64_t>& floor_ms;
    };
    explicit SlipWorker(Parts parts);
    ~SlipWorker();
    SlipWorker(const SlipWorker&) = delete;
    SlipWorker& operator=(const SlipWorker&) = delete;

    /// The authorities' keys for letters, as the catalogue in force has them; nobody's before that.
    void renew(const consent::Catalogue& catalogue);

  private:
    void run();
    [[nodiscard]] LetterTrust trust();

    Parts parts_;
    std::mutex mutex_;  // guards the keys
    std::vector<LetterKey> letter_keys_;
    std::jthread thread_;  // last member: ends before what it uses
};

}  // namespace runtime
