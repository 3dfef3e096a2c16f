// SPDX-License-Identifier: EUPL-1.2
// Implementation of album.hpp. Tests only.
#include "tests/screens/album.hpp"

#include <array>
#include <utility>

#include "drivers/base/check.hpp"
#include "kiosk/view/wording.hpp"
#include "tests/screens/gallery.hpp"

namespace album {
namespace {

i18n::Locales load_locales() {
    const std::vector<std::string> tags{"de", "en", "ar", "de-x-leicht"};
    auto locales = i18n::Locales::load(FREIGABE_BINARY_DIR "/share/locales", tags);
    CHECK(locales.has_value());
    return std::move(*locales);
}

screens::Renderer open_renderer(const i18n::Locales& locales) {
    auto renderer = screens::Renderer::open(
        FREIGABE_FONT_DIR, [&locales](const view::Text& text, const std::string& language) {
            return view::wording(locales, language, text);
        });
    CHECK(renderer.has_value());
    return std::move(*renderer);
}

std::string suffix(const Look& look) {
    constexpr std::array<const char*, 3> contrasts{"light", "dark", "high"};
    std::string out = "_" + look.language + "_" + std::to_string(look.text_percent) + "_" +
                      contrasts.at(static_cast<std::size_t>(look.contrast));
    if (look.panel.width > look.panel.height) out += "_land";
    if (look.low_reach) out += "_low";
    return out;
}

}  // namespace

Album::Album() : locales_(load_locales()), renderer_(open_renderer(locales_)) {}

void Album::show(const std::string& name, view::Screen screen, const Look& look,
                 const std::function<void(const Picture&)>& seen) {
    screen.display.text_percent = look.text_percent;
    screen.display.contrast = look.contrast;
    screen.display.low_reach = look.low_reach;
    widgets::Frame frame;
    unsigned pages = 1;
    for (unsigned page = 0; page < pages; ++page) {
        screens::Moment moment;
        moment.page = page;
        moment.phase = 1;
        const screens::Drawn drawn = renderer_.draw(screen, look.panel, moment, frame);
        pages = drawn.pages;
        const std::string full = name + suffix(look) + "_p" + std::to_string(page + 1);
        seen({full, screen, look, drawn, frame});
    }
}

void Album::each(const Look& look, const std::function<void(const Picture&)>& seen) {
    for (gallery::Shot& shot : gallery::places(look.language)) {
        show(shot.name, std::move(shot.screen), look, seen);
    }
}

void Album::each_failure(const Look& look, const std::function<void(const Picture&)>& seen) {
    for (gallery::Shot& shot : gallery::failures(look.language)) {
        show(shot.name, std::move(shot.screen), look, seen);
    }
}

}  // namespace album
