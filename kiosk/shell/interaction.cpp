// SPDX-License-Identifier: EUPL-1.2
// Implementation of interaction.hpp. Pure, UI thread.
#include "kiosk/shell/interaction.hpp"

#include <utility>

#include "drivers/base/handle.hpp"
#include "kiosk/screens/chrome.hpp"

namespace shell {
namespace {

constexpr std::string_view pad_prefix = "pad.";
constexpr const char* help_id = "tool.help";

/// Digit of an id "pad.0" to "pad.9".
std::optional<std::uint8_t> pad_digit(const std::string& id) {
    if (id.size() != pad_prefix.size() + 1 || !id.starts_with(pad_prefix)) return std::nullopt;
    const char c = id.back();
    if (c < '0' || c > '9') return std::nullopt;
    return static_cast<std::uint8_t>(c - '0');
}

}  // namespace

void Interaction::prepare(const view::Screen& screen) {
    back_.reset();
    if (screen.back) back_ = screen.back->id;
    const bool same = screen.name == screen_name_ && screen.title == screen_title_;
    const bool new_focus = !screen.focus.empty() && (!same || screen.focus != screen_focus_);
    screen_focus_ = screen.focus;
    if (new_focus) moment_.focus = screen.focus;
    if (same) return;
    screen_name_ = screen.name;
    screen_title_ = screen.title;
    moment_.page = 0;
    moment_.pressed.clear();
    moment_.phase = 0;
    end_told_ = false;
    screen_changed_since_strike_ = true;
    if (!new_focus) moment_.focus.clear();
    dirty_ = true;
}

std::vector<view::Intent> Interaction::shown(const view::Screen&, screens::Drawn drawn) {
    drawn_ = std::move(drawn);
    moment_.page = drawn_.page;
    if (!moment_.focus.empty() && drawn_.tree.find(moment_.focus) == nullptr) moment_.focus.clear();
    // Whoever works with keys finds the ring on the first control of the new screen or page.
    if (keys_used_ && moment_.focus.empty()) move_focus(drawn_.tree.after(""));
    if (end_told_ || drawn_.page + 1 != drawn_.pages) return {};
    end_told_ = true;
    return {view::EndOfPages{}};
}

bool Interaction::take_dirty() {
    return std::exchange(dirty_, false);
}

void Interaction::step_phase() {
    ++moment_.phase;
    dirty_ = true;
}

std::vector<view::Intent> Interaction::on(const Input& input, std::int64_t now_ms) {
    return std::visit(base::Overloaded{
                          [&](const PointerDown& at) { return down(at, now_ms); },
                          [&](const PointerMove& at) { return move(at); },
                          [&](const PointerUp& at) { return up(at, now_ms); },
                          [&](const KeyPress& press) { return key(press.key); },
                          [&](const DigitKey& typed) { return digit(typed.value); },
                          [&](const DeleteKey&) { return remove(); },
                      },
                      input);
}

Interaction::Intents Interaction::down(const PointerDown& at, std::int64_t now_ms) {
    const a11y::Node* node = drawn_.tree.at(at.x, at.y);
    keys_used_ = false;
    move_focus({});
    if (node == nullptr || node->disabled) return {};
    const bool soon = now_ms - last_strike_ms_ < double_strike_ms_;
    if (soon && (screen_changed_since_strike_ || node->id == last_struck_)) return {};
    press(node->id);
    return {};
}

Interaction::Intents Interaction::move(const PointerMove& at) {
    if (moment_.pressed.empty()) return {};
    const a11y::Node* node = drawn_.tree.at(at.x, at.y);
    if (node == nullptr || node->id != moment_.pressed) press({});
    return {};
}

Interaction::Intents Interaction::up(const PointerUp& at, std::int64_t now_ms) {
    const std::string pressed = std::exchange(moment_.pressed, {});
    if (pressed.empty()) return {};
    dirty_ = true;
    const a11y::Node* node = drawn_.tree.at(at.x, at.y);
    if (node == nullptr || node->id != pressed) return {};
    last_struck_ = pressed;
    last_strike_ms_ = now_ms;
    screen_changed_since_strike_ = false;
    return activate(pressed);
}

Interaction::Intents Interaction::activate(const std::string& id) {
    const a11y::Node* node = drawn_.tree.find(id);
    if (node == nullptr || node->disabled) return {};
    if (id == screens::pager_next_id) turn_page(1);
    if (id == screens::pager_prev_id) turn_page(-1);
    if (id == screens::pager_next_id || id == screens::pager_prev_id) return {};
    if (const auto value = pad_digit(id)) return {view::Digit{*value}};
    if (id == "pad.delete") return {view::DeleteDigit{}};
    return {view::Activate{id}};
}

Interaction::Intents Interaction::key(Key key) {
    const bool first = !std::exchange(keys_used_, true);
    switch (key) {
        case Key::next:
            move_focus(first && !moment_.focus.empty() ? moment_.focus
                                                       : drawn_.tree.after(moment_.focus));
            return {};
        case Key::previous:
            move_focus(drawn_.tree.before(moment_.focus));
            return {};
        case Key::help:
            if (drawn_.tree.find(help_id) != nullptr) move_focus(help_id);
            return {};
        case Key::page_next:
            turn_page(1);
            return {};
        case Key::page_previous:
            turn_page(-1);
            return {};
        case Key::back:
            if (moment_.page > 0) {
                turn_page(-1);
                return {};
            }
            return back_ ? activate(*back_) : Intents{};
        case Key::activate:
            // On the pad, Enter without a ring means "next", as on any number block.
            if (moment_.focus.empty() && has_pad()) return activate("pad.next");
            return moment_.focus.empty() ? Intents{} : activate(moment_.focus);
    }
    return {};
}

Interaction::Intents Interaction::digit(std::uint8_t value) {
    if (!has_pad() || value > 9) return {};
    return {view::Digit{value}};
}

Interaction::Intents Interaction::remove() {
    if (has_pad()) return activate("pad.delete");
    return key(Key::back);
}

void Interaction::turn_page(int by) {
    const int page = static_cast<int>(moment_.page) + by;
    if (page < 0 || page >= static_cast<int>(drawn_.pages)) return;
    moment_.page = static_cast<unsigned>(page);
    moment_.focus.clear();
    dirty_ = true;
}

void Interaction::move_focus(std::string id) {
    if (id == moment_.focus) return;
    moment_.focus = std::move(id);
    dirty_ = true;
}

void Interaction::press(std::string id) {
    if (id == moment_.pressed) return;
    moment_.pressed = std::move(id);
    dirty_ = true;
}

}  // namespace shell
