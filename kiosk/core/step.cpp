// SPDX-License-Identifier: EUPL-1.2
// What is the same in every place: tools, overlays, inactivity, end of session, and the gate for
// late answers.
#include "kiosk/core/step.hpp"

#include <algorithm>
#include <utility>

#include "kiosk/core/overlays.hpp"
#include "kiosk/core/pin_care.hpp"
#include "kiosk/core/slip_code_places.hpp"

namespace core {
namespace {

template <class E>
concept Answer = requires(E event) {
    event.ticket;
};

/// False for an answer to another question than the latest one: a late answer must not move the
/// next screen.
bool is_current(const PlaceEvent& event, const Common& common) {
    return std::visit(
        [&](const auto& e) {
            if constexpr (Answer<decltype(e)>) {
                return e.ticket == Ticket{common.session, common.request};
            } else {
                return true;
            }
        },
        event);
}

/// True for what a person did, as opposed to time and workers.
bool is_by_person(const PlaceEvent& event) {
    return event.index() <= PlaceEvent(AllSeen{}).index() &&
           !std::holds_alternative<AllSeen>(event);
}

void stamp(Effects& effects, Common& common) {
    for (Effect& effect : effects) {
        std::visit(
            [&](auto& e) {
                if constexpr (Answer<decltype(e)>) e.ticket = {common.session, ++common.request};
            },
            effect);
    }
}

/// Everything of this person goes: place, overlay, display, and whatever the caches of the screens
/// still hold.
Outcome end_session(const Setup& setup, State state) {
    const bool was_speaking = state.common.speech_runs || state.common.display.speech;
    const std::uint32_t session = state.common.session;
    Common common = initial(setup).common;
    common.session = session + 1;
    common.request = 0;
    common.now = state.common.now;
    common.touched_ms = state.common.now.boot_ms;
    common.link_up = state.common.link_up;
    common.link_since = state.common.link_since;
    common.reader = state.common.reader;
    common.card_present = state.common.card_present;
    common.certificate_usable = state.common.certificate_usable;
    Outcome out{State{std::move(common), Start{}, {}}, {}};
    if (was_speaking) out.effects.emplace_back(StopSpeech{});
    out.effects.emplace_back(FlushCaches{});
    return out;
}

/// Lets the place answer, and ends the session if it went back to the start.
Outcome in_place(const Setup& setup, State state, PlaceEvent event) {
    const bool was_start = std::holds_alternative<Start>(state.place);
    const std::size_t place_before = state.place.index();
    const Around around{setup, state.common};
    Step step = std::visit(
        [&](auto&& at) { return on(std::forward<decltype(at)>(at), std::move(event), around); },
        std::move(state.place));
    state.place = std::move(step.next);
    if (std::holds_alternative<Start>(state.place) && !was_start) {
        return end_session(setup, std::move(state));
    }
    const bool moved = state.place.index() != place_before;
    // What lay over the old place has nothing to say about the new one; the time warning stays.
    if (moved && state.overlay && !std::holds_alternative<StillThere>(*state.overlay))
        state.overlay.reset();
    stamp(step.effects, state.common);
    if (moved && state.common.display.speech) step.effects.emplace_back(Speak{});
    return {std::move(state), std::move(step.effects)};
}

/// From a page over the place, or from a failure, to the care for the PIN. What was typed dies with
/// its place; the task goes on afterwards.
Outcome begin_care(const Setup& setup, Outcome out, Care care) {
    auto task = task_for_care(out.state.place);
    if (!task) return out;
    task->care = care;
    Step step = to_card(std::move(*task), Around{setup, out.state.common});
    out.state.place = std::move(step.next);
    out.state.overlay.reset();
    stamp(step.effects, out.state.common);
    std::move(step.effects.begin(), step.effects.end(), std::back_inserter(out.effects));
    if (out.state.common.display.speech) out.effects.emplace_back(Speak{});
    return out;
}

/// A code was held to the reader. Where something else is on its way it is passed over: it can be
/// held again.
Outcome begin_slip(const Setup& setup, Outcome out, ShownSlip slip) {
    auto next = place_for_slip(setup, out.state.place, std::move(slip));
    if (!next) return out;
    out.state.place = std::move(*next);
    out.state.overlay.reset();
    if (out.state.common.display.speech) out.effects.emplace_back(Speak{});
    return out;
}

/// A touch or key: gives new time and silences the voice.
void touched(State& state, Effects& effects) {
    state.common.touched_ms = state.common.now.boot_ms;
    if (state.common.speech_runs) effects.emplace_back(StopSpeech{});
    state.common.speech_runs = false;
}

void note_fact(Common& common, const PlaceEvent& event) {
    if (const auto* e = std::get_if<ReaderChanged>(&event)) common.reader = e->reader;
    if (std::holds_alternative<CardInserted>(event)) common.card_present = true;
    if (std::holds_alternative<CardRemoved>(event)) common.card_present = false;
    if (const auto* e = std::get_if<Tick>(&event)) common.now = e->now;
}

/// Somebody is there and nothing is running that they wait for.
bool can_be_idle(const State& state) {
    if (std::holds_alternative<Start>(state.place)) {
        const Display fresh;  // a changed display on the start screen is somebody's too
        return state.overlay.has_value() || state.common.display.speech != fresh.speech ||
               state.common.display.text_percent != fresh.text_percent ||
               state.common.display.contrast != fresh.contrast;
    }
    return !std::holds_alternative<CardReading>(state.place) &&
           !std::holds_alternative<CardWriting>(state.place) &&
           !std::holds_alternative<Saving>(state.place) &&
           !std::holds_alternative<CardGone>(state.place) && !state.common.speech_runs;
}

Outcome pass_time(const Setup& setup, Outcome out) {
    Common& common = out.state.common;
    if (!can_be_idle(out.state)) {
        if (!std::holds_alternative<CardGone>(out.state.place))
            common.touched_ms = common.now.boot_ms;
        return out;
    }
    const std::uint64_t now_ms = common.now.boot_ms;
    if (out.state.overlay) {
        if (const auto* warning = std::get_if<StillThere>(&*out.state.overlay)) {
            if (now_ms < warning->purge_ms) return out;
            Outcome ended = end_session(setup, std::move(out.state));
            std::move(ended.effects.begin(), ended.effects.end(), std::back_inserter(out.effects));
            return {std::move(ended.state), std::move(out.effects)};
        }
    }
    if (now_ms < common.touched_ms + std::uint64_t{1000} * setup.idle_warning_s) return out;
    wipe_typed(out.state.place);
    out.state.overlay = StillThere{now_ms + std::uint64_t{1000} * setup.idle_purge_s};
    if (common.display.speech) out.effects.emplace_back(Speak{});
    return out;
}

Outcome on_place_event(const Setup& setup, State state, PlaceEvent event) {
    if (!is_current(event, state.common)) return {std::move(state), {}};
    Effects before;
    if (is_by_person(event)) {
        touched(state, before);
        if (state.overlay) {
            const bool leaves = std::holds_alternative<StillThere>(*state.overlay) &&
                                std::holds_alternative<No>(event);
            if (leaves) return end_session(setup, std::move(state));
            state.overlay.reset();  // any button of a page that lies over another leads back to it
            return {std::move(state), std::move(before)};
        }
        if (opens_help(state.place, event)) {
            state.overlay = HelpPage{};
            return {std::move(state), std::move(before)};
        }
    }
    note_fact(state.common, event);
    const bool is_tick = std::holds_alternative<Tick>(event);
    Outcome out = in_place(setup, std::move(state), std::move(event));
    if (is_tick) out = pass_time(setup, std::move(out));
    out.effects.insert(out.effects.begin(), std::make_move_iterator(before.begin()),
                       std::make_move_iterator(before.end()));
    return out;
}

Outcome on_common_event(const Setup& setup, State state, CommonEvent event) {
    const bool by_person = !std::holds_alternative<LinkChanged>(event) &&
                           !std::holds_alternative<CertificateChanged>(event) &&
                           !std::holds_alternative<SpeechRuns>(event);
    Outcome out{std::move(state), {}};
    if (by_person) {
        touched(out.state, out.effects);
        const bool warned =
            out.state.overlay && std::holds_alternative<StillThere>(*out.state.overlay);
        if (warned && !std::holds_alternative<Leave>(event)) {
            out.state.overlay.reset();  // the first touch only says: I am still here
            if (std::holds_alternative<Touched>(event) ||
                std::holds_alternative<CloseOverlay>(event))
                return out;
        }
    }
    if (std::holds_alternative<Leave>(event)) {
        // The final act is said: its answer is a matter of milliseconds and belongs to this person.
        if (std::holds_alternative<Saving>(out.state.place)) return out;
        return end_session(setup, std::move(out.state));
    }
    if (const auto* wanted = std::get_if<OpenPinCare>(&event))
        return begin_care(setup, std::move(out), wanted->care);
    if (auto* held = std::get_if<SlipHeld>(&event))
        return begin_slip(setup, std::move(out), std::move(held->slip));
    on_tool(setup, out.state, out.effects, std::move(event));
    return out;
}

}  // namespace

State initial(const Setup& setup) {
    State state;
    state.common.display.language = setup.language_default;
    state.common.display.low_reach = setup.low_reach_default;
    return state;
}

Outcome step(const Setup& setup, State state, Event event) {
    if (auto* of_place = std::get_if<PlaceEvent>(&event.body)) {
        return on_place_event(setup, std::move(state), std::move(*of_place));
    }
    return on_common_event(setup, std::move(state), std::move(std::get<CommonEvent>(event.body)));
}

}  // namespace core
