// SPDX-License-Identifier: EUPL-1.2
// The UI thread: screen out, intent in, one step of the pure core, effects to the workers; then
// sleep until something happens. No business rule and no waiting for a worker here. Runs on the
// thread that made the window.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "kiosk/core/step.hpp"
#include "kiosk/i18n/locales.hpp"
#include "kiosk/runtime/card_worker.hpp"
#include "kiosk/runtime/insight_worker.hpp"
#include "kiosk/runtime/journal_worker.hpp"
#include "kiosk/runtime/mailbox.hpp"
#include "kiosk/runtime/printer_worker.hpp"
#include "kiosk/runtime/renewer.hpp"
#include "kiosk/runtime/slip_worker.hpp"
#include "kiosk/shell/window.hpp"
#include "kiosk/view/make_screen.hpp"

namespace runtime {

class Loop {
  public:
    /// Everything outlives the loop.
    struct Parts {
        shell::Window& window;
        Mailbox& mailbox;
        CardWorker& card;
        JournalWorker& journal;
        InsightWorker& insight;
        PrinterWorker& printer;
        SlipWorker& slips;
        const i18n::Locales& locales;
        port::Clock& clock;
        const std::atomic<std::uint64_t>& floor_ms;
        Renewer& renewer;
    };
    struct Place {
        core::Setup setup;
        view::Site site;
        Evidence catalogue;  ///< version and hash; words are filled in for each record
    };
    Loop(Place place, Parts parts);

    /// Until the window is closed.
    void run();

  private:
    void show_once();
    void handle(core::Event event);
    void perform(core::Effect&& effect);
    void tick();
    void take_over_renewal();

    Place place_;
    Parts parts_;
    core::State state_;
    view::Screen shown_;
    model::Digest words_{};  ///< of the last screen that asked for a decision
    std::uint64_t last_tick_ms_ = 0;
    bool forget_below_ = false;  ///< a session has ended: the stack still holds short texts of it
};

/// The screen of a terminal that cannot serve: one code, one text, the way to a human. Until the
/// window is closed. `setup` may have an empty catalogue.
void run_out_of_service(base::Errc why, const core::Setup& setup, const view::Site& site,
                        shell::Window& window, const port::Clock& clock);

}  // namespace runtime
