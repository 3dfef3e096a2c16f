// SPDX-License-Identifier: EUPL-1.2
// What every component needs to know to build itself: theme, sizes of this panel, texts, and which
// widget is pressed. Made anew for each drawn screen; holds references only. UI thread only.
#pragma once

#include <cmath>
#include <functional>
#include <string>

#include "kiosk/a11y/registry.hpp"
#include "kiosk/view/view_model.hpp"
#include "kiosk/widgets/canvas.hpp"

namespace widgets {

/// The panel in front of the person. Sizes are true in millimetres: a finer panel gets more pixels
/// for the same button.
struct Panel {
    int width = 1080, height = 1920;
    double mm_per_px = 0.311;
    friend bool operator==(const Panel&, const Panel&) = default;
};

/// Text of an id in a language, arguments isolated; kiosk/i18n provides it. `language` is BCP 47.
using Resolve = std::function<std::string(const view::Text&, const std::string& language)>;

class Kit {
  public:
    Kit(const Tools& tools, const Resolve& resolve, const view::Display& display,
        const Panel& panel, std::string pressed, unsigned phase)
        : tools_(tools),
          resolve_(resolve),
          display_(display),
          panel_(panel),
          pressed_(std::move(pressed)),
          phase_(phase),
          scale_(tools.theme.mm_per_px / panel.mm_per_px) {}

    /// A number of the design (27 inch panel) in pixels of this one.
    [[nodiscard]] int px(int design) const {
        return static_cast<int>(std::lround(design * scale_));
    }
    [[nodiscard]] text::Style body() const { return sized(type().body); }
    [[nodiscard]] text::Style label() const;  ///< body in bold
    [[nodiscard]] text::Style dense() const;  ///< body with closer lines
    [[nodiscard]] text::Style heading() const { return sized(type().heading); }
    [[nodiscard]] text::Style title() const {
        return sized(landscape() && !big() ? type().heading : type().title);
    }
    /// Header, tools and pills: stop growing at 160 %.
    [[nodiscard]] text::Style chrome(text::Weight weight) const;

    [[nodiscard]] bool big() const { return display_.text_percent >= 160; }
    [[nodiscard]] bool landscape() const { return panel_.width > panel_.height; }
    [[nodiscard]] bool right_to_left() const { return text::is_right_to_left(display_.language); }
    [[nodiscard]] int control_px() const {
        return px(display_.contrast == view::Contrast::high ? 4 : 3);
    }
    /// One of two sizes: normal, and from 160 % up.
    [[nodiscard]] int either(int normal, int large) const { return px(big() ? large : normal); }

    [[nodiscard]] std::string words(const view::Text& text) const {
        return resolve_(text, display_.language);
    }
    [[nodiscard]] std::string words(const char* id) const;
    [[nodiscard]] const text::Layout& layout(std::string_view utf8, const text::Style& style,
                                             int width, const std::string& language) const;

    [[nodiscard]] bool is_pressed(const std::string& id) const {
        return !id.empty() && id == pressed_;
    }
    /// Step of the waiting dots: the only thing that moves by itself.
    [[nodiscard]] unsigned phase() const { return phase_; }
    [[nodiscard]] const view::Display& display() const { return display_; }
    [[nodiscard]] const Panel& panel() const { return panel_; }
    [[nodiscard]] const Theme& theme() const { return tools_.theme; }

  private:
    [[nodiscard]] const TypeScale& type() const {
        return tools_.theme.scale(display_.text_percent);
    }
    [[nodiscard]] text::Style sized(text::Style style) const;

    Tools tools_;
    const Resolve& resolve_;
    const view::Display& display_;
    Panel panel_;
    std::string pressed_;
    unsigned phase_;
    double scale_;
};

}  // namespace widgets
