// SPDX-License-Identifier: EUPL-1.2
// The frame that all screens share; then the maker of the place, or of the page that lies over it.
#include "kiosk/view/make_screen.hpp"

#include "kiosk/view/makers.hpp"

namespace view {
namespace {

Display display_of(const core::Display& display) {
    Display out;
    out.language = display.language;
    out.text_percent = display.text_percent;
    switch (display.contrast) {
        case core::Contrast::light:
            out.contrast = Contrast::light;
            break;
        case core::Contrast::dark:
            out.contrast = Contrast::dark;
            break;
        case core::Contrast::high:
            out.contrast = Contrast::high;
            break;
    }
    out.low_reach = display.low_reach;
    out.speech = display.speech;
    return out;
}

}  // namespace

Screen make_screen(const Site& site, const core::Setup& setup, const core::State& state) {
    Screen screen;
    screen.display = display_of(state.common.display);
    screen.place = literal(site.name);
    screen.link = link_pill(state.common);
    screen.draft = site.draft_mark;
    const Look look{site, setup, state.common};
    if (!state.overlay) {
        std::visit([&](const auto& at) { fill(screen, look, at); }, state.place);
        return screen;
    }
    std::visit(
        [&](const auto& over) {
            if constexpr (std::is_same_v<decltype(over), const core::Contacts&>) {
                fill_contacts(screen, look, over, state.place);
            } else if constexpr (std::is_same_v<decltype(over), const core::HelpPage&>) {
                fill_help(screen, look, over, state.place);
            } else {
                fill(screen, look, over);
            }
        },
        *state.overlay);
    return screen;
}

}  // namespace view
