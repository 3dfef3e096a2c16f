// SPDX-License-Identifier: EUPL-1.2
// The thread that prints slips: draws one, hands it to the printer, which may take seconds, and
// says whether it is on paper. Nothing waits for it, and nothing is printed twice. Called from the
// UI thread; owns a thread.
#pragma once

#include <string>
#include <thread>

#include "drivers/base/bounded_queue.hpp"
#include "drivers/port/printer.hpp"
#include "kiosk/core/effect.hpp"
#include "kiosk/i18n/locales.hpp"
#include "kiosk/runtime/mailbox.hpp"

namespace runtime {

class PrinterWorker {
  public:
    /// All of them outlive the worker.
    struct Parts {
        port::Printer& printer;
        const i18n::Locales& locales;
        Mailbox& mailbox;
        std::string fonts;  ///< folder of the Noto fonts
    };
    explicit PrinterWorker(Parts parts);
    /// What is being printed is printed to its end.
    ~PrinterWorker();
    PrinterWorker(const PrinterWorker&) = delete;
    PrinterWorker& operator=(const PrinterWorker&) = delete;

    /// Answer: SlipPrinted or SlipFailed. language: of the screen.
    void print(core::PrintSlip effect, std::string language, core::Date today);

  private:
    struct Job {
        core::PrintSlip effect;
        std::string language;
        core::Date today{};
    };
    void run(const std::stop_token& stop);
    base::Result<void> perform(Job& job);

    Parts parts_;
    /// One person waits for one slip.
    base::BoundedQueue<Job> jobs_{1};
    std::jthread thread_;  // last member: ends before what it uses
};

}  // namespace runtime
