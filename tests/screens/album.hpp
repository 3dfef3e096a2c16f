// SPDX-License-Identifier: EUPL-1.2
// The gallery through the product's renderer and locales: one picture per screen, language, text
// size, contrast, panel and page. What goldens compare and layout rules measure. Tests only.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "kiosk/i18n/locales.hpp"
#include "kiosk/screens/renderer.hpp"

namespace album {

struct Look {
    std::string language = "de";
    std::uint16_t text_percent = 100;
    view::Contrast contrast = view::Contrast::light;
    widgets::Panel panel{};
    bool low_reach = false;
};

struct Picture {
    std::string name;  ///< "release_de_100_light_p1", with "_land" or "_low" before the page
    const view::Screen& screen;
    const Look& look;
    const screens::Drawn& drawn;
    const widgets::Frame& frame;
};

class Album {
  public:
    /// Opens fonts and compiled locales of this build; CHECKs that they are there.
    Album();
    /// Draws all pages of all places of the gallery.
    void each(const Look& look, const std::function<void(const Picture&)>& seen);
    /// The same for the screens of every failure.
    void each_failure(const Look& look, const std::function<void(const Picture&)>& seen);

  private:
    void show(const std::string& name, view::Screen screen, const Look& look,
              const std::function<void(const Picture&)>& seen);
    i18n::Locales locales_;
    screens::Renderer renderer_;
};

inline const widgets::Panel landscape{1280, 800, 0.311};

}  // namespace album
