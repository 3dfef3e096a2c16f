// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/runtime/loop.hpp"

#include <chrono>
#include <utility>

#include "drivers/base/handle.hpp"
#include "drivers/base/log.hpp"
#include "drivers/crypto/digest.hpp"
#include "kiosk/runtime/moment.hpp"
#include "kiosk/runtime/wipe_stack.hpp"
#include "kiosk/view/speech.hpp"

namespace runtime {
namespace {

using std::chrono::milliseconds;

// While somebody is here the core hears of time once a second (time warning, card back in time); at
// the start screen nothing counts, so the machine sleeps.
constexpr milliseconds wait_busy{1'000};
constexpr milliseconds wait_idle{60'000};
constexpr std::uint64_t tick_ms = 1'000;

bool nobody_here(const core::State& state) {
    return std::holds_alternative<core::Start>(state.place) && !state.overlay;
}

}  // namespace

Loop::Loop(Place place, Parts parts)
    : place_(std::move(place)), parts_(parts), state_(core::initial(place_.setup)) {
    parts_.slips.renew(place_.setup.catalogue);
}

void Loop::run() {
    tick();
    while (!parts_.window.closed()) show_once();
}

void Loop::show_once() {
    shown_ = view::make_screen(place_.site, place_.setup, state_);
    if (shown_.pair) {
        words_ = crypto::sha256(base::as_bytes(view::evidence_text(parts_.locales, shown_)));
    }
    const auto intents =
        parts_.window.run_once(shown_, nobody_here(state_) ? wait_idle : wait_busy);
    const bool active = parts_.window.take_activity();
    for (const view::Intent& intent : intents) {
        handle(view::make_event(place_.setup, state_, intent));
    }
    if (active && intents.empty()) handle(core::Touched{});
    // Bounded: what arrives while these are handled waits for the next turn, after a frame.
    for (std::size_t i = 0; i < limits::worker_queue_items_max; ++i) {
        auto event = parts_.mailbox.take();
        if (!event) break;
        handle(std::move(*event));
    }
    // Here, where everything that had texts of a person has returned.
    if (std::exchange(forget_below_, false)) wipe_stack();
    tick();
}

void Loop::handle(core::Event event) {
    core::Outcome outcome = core::step(place_.setup, std::move(state_), std::move(event));
    state_ = std::move(outcome.state);
    for (core::Effect& effect : outcome.effects) perform(std::move(effect));
}

void Loop::perform(core::Effect&& effect) {
    std::visit(base::Overloaded{
                   [&](core::ProbePin&& e) { parts_.card.probe(e); },
                   [&](core::RunEid&& e) { parts_.card.run(std::move(e)); },
                   [&](core::RunEidWithCan&& e) { parts_.card.run(std::move(e)); },
                   [&](core::ChangePin&& e) { parts_.card.care(std::move(e)); },
                   [&](core::UnblockPin&& e) { parts_.card.care(std::move(e)); },
                   [&](core::AppendDeclaration&& e) {
                       Evidence evidence = place_.catalogue;
                       evidence.words = words_;
                       parts_.journal.append(std::move(e), evidence);
                   },
                   [&](core::LoadReleases&& e) { parts_.journal.load(std::move(e)); },
                   [&](core::DeleteCopy&& e) { parts_.journal.forget(std::move(e)); },
                   [&](core::RequestInsight&& e) { parts_.insight.ask(std::move(e)); },
                   [&](core::PrintSlip&& e) {
                       const core::Common& common = state_.common;
                       parts_.printer.print(std::move(e), common.display.language, common.now.date);
                   },
                   // This terminal has no voice: that is told at once, so that no screen waits.
                   [&](core::Speak&&) { parts_.mailbox.post(core::SpeechRuns{false}); },
                   [&](core::StopSpeech&&) {},
                   [&](core::FlushCaches&&) {
                       parts_.card.cancel();
                       parts_.insight.cancel();
                       parts_.window.flush_caches();
                       shown_ = {};
                       forget_below_ = true;
                       base::log(base::LogEvent::session_ended,
                                 {{"session", static_cast<std::int64_t>(state_.common.session)}});
                   },
                   [&](core::CallStaff&&) { base::log(base::LogEvent::staff_called); },
               },
               std::move(effect));
}

/// Between two sessions only: what a person has begun ends with the words it began with.
void Loop::take_over_renewal() {
    const std::uint64_t floor_ms = parts_.floor_ms.load();
    if (!nobody_here(state_) || !parts_.renewer.due(floor_ms)) return;
    Renewed fresh = parts_.renewer.make(floor_ms);
    place_.setup = std::move(fresh.setup);
    place_.catalogue = fresh.catalogue;
    parts_.card.renew(std::move(fresh.card));
    parts_.slips.renew(place_.setup.catalogue);
}

void Loop::tick() {
    take_over_renewal();
    const std::uint64_t now = parts_.clock.boot_ms();
    if (last_tick_ms_ != 0 && now - last_tick_ms_ < tick_ms) return;
    last_tick_ms_ = now;
    parts_.card.set_today(day_utc(parts_.floor_ms.load()));
    handle(core::Tick{moment_now(parts_.clock)});
}

void run_out_of_service(base::Errc why, const core::Setup& setup, const view::Site& site,
                        shell::Window& window, const port::Clock& clock) {
    core::State state = core::initial(setup);
    while (!window.closed()) {
        state.common.now = moment_now(clock);
        state.place = core::Failed{why, {}, {}, false};
        const auto intents =
            window.run_once(view::make_screen(site, setup, state), milliseconds{wait_idle});
        for (const view::Intent& intent : intents) {
            // Languages, text size and contrast still work; every other way leads back here.
            core::Event event = view::make_event(setup, state, intent);
            state = core::step(setup, std::move(state), std::move(event)).state;
        }
    }
}

}  // namespace runtime
