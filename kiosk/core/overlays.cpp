// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/core/overlays.hpp"

#include <utility>

#include "kiosk/core/pin_care.hpp"

namespace core {
namespace {

void cover(State& state, Overlay overlay) {
    wipe_typed(state.place);
    state.overlay = overlay;
}

void set_language(State& state, std::string tag) {
    state.common.display.language = std::move(tag);
    state.overlay.reset();
    if (std::holds_alternative<Start>(state.place)) state.place = Home{};
}

void bigger(Display& display) {
    switch (display.text_percent) {
        case 100:
            display.text_percent = 160;
            break;
        case 160:
            display.text_percent = 200;
            break;
        default:
            display.text_percent = 100;
            break;
    }
}

void next_contrast(Display& display) {
    switch (display.contrast) {
        case Contrast::light:
            display.contrast = Contrast::high;
            break;
        case Contrast::high:
            display.contrast = Contrast::dark;
            break;
        case Contrast::dark:
            display.contrast = Contrast::light;
            break;
    }
}

void toggle_speech(State& state, Effects& effects) {
    state.common.display.speech = !state.common.display.speech;
    if (state.common.display.speech) {
        effects.emplace_back(Speak{});
    } else {
        effects.emplace_back(StopSpeech{});
    }
}

}  // namespace

void wipe_typed(Place& place) {
    if (auto* pad = std::get_if<CanPad>(&place)) pad->can.wipe();
    if (auto* pad = std::get_if<PukPad>(&place)) pad->puk.wipe();
    // Taken out first: the place is about to be replaced.
    const auto restart = [&](PinToChange& typed) {
        PinToChange taken = std::move(typed);
        place = start_of_typing(std::move(taken));
    };
    if (auto* at = std::get_if<LetterPin>(&place)) return restart(at->typed);
    if (auto* at = std::get_if<NewPinPad>(&place)) return restart(at->typed);
    if (auto* at = std::get_if<NewPinAgain>(&place)) return restart(at->typed);
    if (auto* pad = std::get_if<PinPad>(&place)) {
        pad->pin.wipe();
        if (pad->can) {
            Task task = std::move(pad->task);
            place.emplace<CanPad>(CanPad{std::move(task), false, {}});
        }
    }
}

bool opens_help(const Place& place, const PlaceEvent& event) {
    const auto* pick = std::get_if<Pick>(&event);
    return std::holds_alternative<Home>(place) && pick != nullptr &&
           pick->index == static_cast<std::size_t>(HomeChoice::help);
}

void on_tool(const Setup& setup, State& state, Effects& effects, CommonEvent event) {
    Common& common = state.common;
    const bool spoke = common.display.speech;
    std::visit(Overloaded{
                   [&](SetLanguage&& e) {
                       set_language(state, std::move(e.tag));
                       if (spoke) effects.emplace_back(Speak{});
                   },
                   [&](BiggerText&&) { bigger(common.display); },
                   [&](NextContrast&&) { next_contrast(common.display); },
                   [&](ToggleSpeech&&) { toggle_speech(state, effects); },
                   [&](SpeechRuns&& e) { common.speech_runs = e.runs; },
                   [&](OpenLanguages&&) { cover(state, LanguageMenu{}); },
                   [&](OpenHelp&&) { cover(state, HelpPage{}); },
                   [&](OpenContacts&& e) { cover(state, Contacts{e.access}); },
                   [&](OpenPinHelp&&) { cover(state, PinHelp{}); },
                   [&](OpenPinCare&&) {},  // step() leaves the place before it asks here
                   [&](SlipHeld&&) {},     // the same
                   [&](CloseOverlay&&) { state.overlay.reset(); },
                   [&](ToggleLowReach&&) { common.display.low_reach = !common.display.low_reach; },
                   [&](StaffWanted&&) {
                       effects.emplace_back(CallStaff{});
                       cover(state, HelpPage{true});
                   },
                   [&](Leave&&) {},    // step() ends the session before it asks here
                   [&](Touched&&) {},  // has already given new time
                   [&](LinkChanged&& e) {
                       common.link_up = e.up;
                       common.link_since = e.since;
                   },
                   [&](CertificateChanged&& e) { common.certificate_usable = e.usable; },
               },
               std::move(event));
    (void)setup;  // tools are the same at every site
}

}  // namespace core
