// SPDX-License-Identifier: EUPL-1.2
// Any view::Screen to pixels and an accessibility tree. The one renderer: window, goldens and bench
// use it. Holds the caches of text and glyphs; flush() at session end wipes them. UI thread only.
#pragma once

#include <string>

#include "kiosk/a11y/registry.hpp"
#include "kiosk/view/view_model.hpp"
#include "kiosk/widgets/kit.hpp"

namespace screens {

/// What the window knows and the screen does not.
struct Moment {
    unsigned page = 0;    ///< from 0; a page that is gone counts as the last
    std::string focus;    ///< id with the ring; empty = no ring (it shows after a key only)
    std::string pressed;  ///< id under the finger
    unsigned phase = 0;   ///< step of the waiting dots
};

struct Drawn {
    a11y::Registry tree;
    unsigned page = 0, pages = 1;
    std::vector<widgets::Rect> text_overflows;  ///< empty on a correct screen
    widgets::Rect content;                      ///< zone of the content, on the panel
};

class Renderer {
  public:
    /// Opens fonts, icons and theme.
    /// errors  file_io (a font), config_bad (icons or tokens of a torn build).
    static base::Result<Renderer> open(const std::string& font_directory, widgets::Resolve resolve);

    /// Draws `screen` into `frame`, which gets the size of the panel.
    /// cost  below 16 ms for 1080x1920 (budget of ui.md).
    [[nodiscard]] Drawn draw(const view::Screen& screen, const widgets::Panel& panel,
                             const Moment& moment, widgets::Frame& frame);
    /// Forgets and overwrites all texts and glyphs of the session.
    void flush();

    [[nodiscard]] const widgets::Theme& theme() const { return theme_; }

  private:
    Renderer(text::Engine engine, widgets::Icons icons, widgets::Theme theme,
             widgets::Resolve resolve)
        : engine_(std::move(engine)),
          icons_(std::move(icons)),
          theme_(std::move(theme)),
          resolve_(std::move(resolve)) {}

    text::Engine engine_;
    widgets::Icons icons_;
    widgets::Theme theme_;
    widgets::Resolve resolve_;
    widgets::Atlas atlas_;
};

}  // namespace screens
