// SPDX-License-Identifier: EUPL-1.2
// From touches and keys to intents, without a window: pages, focus ring, pressed look and the
// double-strike filter (AC-10, AC-13). Apart from SDL so that tests drive it by value. Time arrives
// with each input. Pure, UI thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "kiosk/screens/renderer.hpp"
#include "kiosk/view/view_model.hpp"

namespace shell {

/// A finger or the mouse, in pixels of the panel. One at a time: a second finger is ignored.
struct PointerDown {
    int x, y;
};
struct PointerMove {
    int x, y;
};
struct PointerUp {
    int x, y;
};
/// The five keys, help, and the number block.
enum class Key : std::uint8_t { next, previous, activate, back, help, page_next, page_previous };
struct KeyPress {
    Key key;
};
struct DigitKey {
    std::uint8_t value;
};
struct DeleteKey {};
using Input = std::variant<PointerDown, PointerMove, PointerUp, KeyPress, DigitKey, DeleteKey>;

class Interaction {
  public:
    /// double_strike_ms  a second touch of one target, or any after the screen changed, is dropped
    /// for that long.
    explicit Interaction(int double_strike_ms) : double_strike_ms_(double_strike_ms) {}

    /// Tells which screen is shown; a new one starts on its first page.
    /// returns  intents of the page itself: EndOfPages if its last page is shown for the first
    /// time.
    std::vector<view::Intent> shown(const view::Screen& screen, screens::Drawn drawn);
    /// Before drawing a screen: forgets what belonged to the one before.
    void prepare(const view::Screen& screen);

    /// One input at `now_ms` (any clock that never goes back).
    std::vector<view::Intent> on(const Input& input, std::int64_t now_ms);

    [[nodiscard]] const screens::Moment& moment() const { return moment_; }
    [[nodiscard]] const screens::Drawn& drawn() const { return drawn_; }
    /// True if something changed that must be drawn; reading it resets it.
    [[nodiscard]] bool take_dirty();
    void step_phase();

  private:
    using Intents = std::vector<view::Intent>;
    Intents down(const PointerDown& at, std::int64_t now_ms);
    Intents move(const PointerMove& at);
    Intents up(const PointerUp& at, std::int64_t now_ms);
    Intents key(Key key);
    Intents digit(std::uint8_t value);
    Intents remove();
    [[nodiscard]] Intents activate(const std::string& id);
    void turn_page(int by);
    void move_focus(std::string id);
    void press(std::string id);
    [[nodiscard]] bool has_pad() const { return drawn_.tree.find("pad.1") != nullptr; }

    int double_strike_ms_;
    screens::Moment moment_;
    screens::Drawn drawn_;
    std::string screen_name_;
    view::Text screen_title_;
    view::WidgetId screen_focus_;
    std::optional<view::WidgetId> back_;
    bool keys_used_ = false;  ///< the ring shows only after a key
    bool end_told_ = false;
    bool dirty_ = true;
    std::string last_struck_;
    std::int64_t last_strike_ms_ = -1'000'000;
    bool screen_changed_since_strike_ = false;
};

}  // namespace shell
