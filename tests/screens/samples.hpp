// SPDX-License-Identifier: EUPL-1.2
// The pictures of the design reference as view::Screen values with literal texts: they show that
// the renderer can draw the design, whatever the product says today. Named as the design's
// pictures. Tests only.
#pragma once

#include <string>
#include <vector>

#include "kiosk/view/view_model.hpp"
#include "kiosk/widgets/kit.hpp"

namespace samples {

struct Sample {
    std::string name;
    view::Screen screen;
    widgets::Panel panel;
    std::string focus;
    unsigned page = 0;
};

/// All pictures of the design that have a screen here.
[[nodiscard]] std::vector<Sample> all();

[[nodiscard]] view::Screen home(const std::string& language);
[[nodiscard]] view::Screen release(const std::string& language);
[[nodiscard]] view::Screen review(const std::string& language);
[[nodiscard]] view::Screen start();
[[nodiscard]] view::Screen list();
[[nodiscard]] view::Screen pin();
[[nodiscard]] view::Screen done();
[[nodiscard]] view::Screen my_releases();
[[nodiscard]] view::Screen can();
[[nodiscard]] view::Screen card_removed();
[[nodiscard]] view::Screen inactivity();
[[nodiscard]] view::Screen waiting();

/// Own texts of the screens in German and Arabic; literals pass through.
[[nodiscard]] std::string resolve(const view::Text& text, const std::string& language);

// Building blocks for the files of samples.
[[nodiscard]] view::Text say(std::string words, std::string language = {});
[[nodiscard]] view::Button button(std::string id, std::string icon, std::string words);
[[nodiscard]] view::Screen frame(std::string name, std::string language);

}  // namespace samples
