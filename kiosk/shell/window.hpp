// SPDX-License-Identifier: EUPL-1.2
// The kiosk's window: shows a view::Screen, waits without turning, gives back what the person did.
// One window, UI thread only; wake() alone may be called from any thread.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "drivers/base/result.hpp"
#include "kiosk/a11y/registry.hpp"
#include "kiosk/view/view_model.hpp"
#include "kiosk/widgets/kit.hpp"

namespace shell {

enum class Mode : std::uint8_t { window, fullscreen };

struct Options {
    /// Size and density. In a window it is made smaller, keeping its proportions, if the display
    /// is; in fullscreen the display decides the pixels.
    widgets::Panel panel;
    Mode mode = Mode::window;
    std::string title = "Freigabe";
    std::string font_directory;
};

class Window {
  public:
    /// Opens the window and loads fonts, icons and theme.
    /// resolve  words of a view::Text in a language; called on this thread while drawing.
    /// errors   display_failed, file_io (a font), config_bad.
    static base::Result<std::unique_ptr<Window>> open(const Options& options,
                                                      widgets::Resolve resolve);
    struct Parts;
    /// For open(): only it can make Parts.
    explicit Window(std::unique_ptr<Parts> parts);
    ~Window();
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;

    /// Draws `screen` if it or its look changed, then waits at most `timeout` for what the person
    /// does. returns  intents in their order; empty after a wake() or the timeout.
    [[nodiscard]] std::vector<view::Intent> run_once(const view::Screen& screen,
                                                     std::chrono::milliseconds timeout);
    /// Ends a running or the next wait early. Any thread, any time while the window lives.
    void wake();
    /// Session end: wipes texts, glyphs, the last frame and the accessibility tree.
    void flush_caches();
    /// The person closed the window (never on the device).
    [[nodiscard]] bool closed() const;
    /// True if any touch or key came since the last call: it stops speech and restarts the
    /// inactivity clock.
    [[nodiscard]] bool take_activity();
    /// What is on the screen now, for speech; and where the ring is.
    [[nodiscard]] const a11y::Registry& tree() const;
    [[nodiscard]] const std::string& focus() const;

  private:
    std::unique_ptr<Parts> parts_;
};

}  // namespace shell
