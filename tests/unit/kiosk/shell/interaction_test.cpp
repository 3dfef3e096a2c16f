// SPDX-License-Identifier: EUPL-1.2
// Touches and keys become intents: taps, the double-strike filter (AC-13), the five keys (AC-10),
// pages, the pad.
#include "kiosk/shell/interaction.hpp"

#include "tests/screens/samples.hpp"

// After the project's headers: both define CHECK, and tests mean doctest's.
#include <doctest/doctest.h>

namespace {

using namespace shell;

/// One screen after another in front of one person.
class Desk {
  public:
    Desk() : renderer_(std::move(*screens::Renderer::open(FREIGABE_FONT_DIR, samples::resolve))) {}

    std::vector<view::Intent> show(const view::Screen& screen) {
        screen_ = screen;
        return draw();
    }
    std::vector<view::Intent> tap(const std::string& id, std::int64_t at_ms) {
        const a11y::Node* node = tree().find(id);
        REQUIRE(node != nullptr);
        const int x = node->x + node->w / 2;
        const int y = node->y + node->h / 2;
        (void)send(PointerDown{x, y}, at_ms);
        return send(PointerUp{x, y}, at_ms + 40);
    }
    std::vector<view::Intent> send(const Input& input, std::int64_t at_ms = 0) {
        auto intents = interaction.on(input, at_ms);
        auto more = draw();
        intents.insert(intents.end(), more.begin(), more.end());
        return intents;
    }
    std::vector<view::Intent> key(Key k) { return send(KeyPress{k}); }
    [[nodiscard]] const a11y::Registry& tree() const { return interaction.drawn().tree; }
    [[nodiscard]] const std::string& focus() const { return interaction.moment().focus; }

    Interaction interaction{500};

  private:
    std::vector<view::Intent> draw() {
        interaction.prepare(screen_);
        return interaction.shown(screen_,
                                 renderer_.draw(screen_, {}, interaction.moment(), frame_));
    }
    screens::Renderer renderer_;
    widgets::Frame frame_;
    view::Screen screen_;
};

bool is(const std::vector<view::Intent>& intents, const std::string& id) {
    if (intents.size() != 1) return false;
    const auto* activate = std::get_if<view::Activate>(&intents.front());
    return activate != nullptr && activate->id == id;
}

bool is_digit(const std::vector<view::Intent>& intents, std::uint8_t value) {
    if (intents.size() != 1) return false;
    const auto* digit = std::get_if<view::Digit>(&intents.front());
    return digit != nullptr && digit->value == value;
}

view::Screen big(view::Screen screen) {
    screen.display.text_percent = 200;
    return screen;
}

}  // namespace

TEST_CASE("interaction: a tap gives one intent on release; sliding off gives none") {
    Desk desk;
    desk.show(samples::home("de"));
    CHECK(is(desk.tap("home.give", 1000), "home.give"));
    const a11y::Node node = *desk.tree().find("home.see");
    CHECK(desk.send(PointerDown{node.x + 5, node.y + 5}, 3000).empty());
    CHECK(desk.interaction.moment().pressed == "home.see");
    CHECK(desk.send(PointerMove{node.x + 5, node.y + node.h + 10}, 3010).empty());
    CHECK(desk.interaction.moment().pressed.empty());
    CHECK(desk.send(PointerUp{node.x + 5, node.y + 5}, 3020).empty());
}

TEST_CASE(
    "interaction: two taps 200 ms apart are one, 600 ms apart two; another key at once counts") {
    Desk desk;
    desk.show(samples::pin());
    CHECK(is_digit(desk.tap("pad.4", 1000), 4));
    CHECK(desk.tap("pad.4", 1200).empty());
    CHECK(is_digit(desk.tap("pad.5", 1300), 5));
    CHECK(is_digit(desk.tap("pad.5", 1900), 5));
}

TEST_CASE("interaction: a second strike never reaches what a new screen put under the finger") {
    Desk desk;
    desk.show(samples::home("de"));
    CHECK(is(desk.tap("home.give", 1000), "home.give"));
    desk.show(samples::list());
    CHECK(desk.tap("list.2", 1300).empty());
    CHECK(is(desk.tap("list.2", 1700), "list.2"));
}

TEST_CASE("interaction: five keys reach every target, round, and activate it") {
    Desk desk;
    desk.show(samples::home("de"));
    CHECK(desk.focus().empty());
    const std::vector<std::string> order{"home.see",      "home.give",     "home.take",
                                         "home.requests", "home.staff",    "tool.language",
                                         "tool.bigger",   "tool.contrast", "tool.speech",
                                         "tool.help",     "tool.leave",    "home.see"};
    for (const std::string& id : order) {
        (void)desk.key(Key::next);
        CHECK(desk.focus() == id);
    }
    (void)desk.key(Key::previous);
    CHECK(desk.focus() == "tool.leave");
    CHECK(is(desk.key(Key::activate), "tool.leave"));
    (void)desk.key(Key::help);
    CHECK(desk.focus() == "tool.help");
}

TEST_CASE("interaction: the ring goes with a touch and comes with a key; back is a key") {
    Desk desk;
    desk.show(samples::list());
    (void)desk.key(Key::next);
    CHECK_FALSE(desk.focus().empty());
    (void)desk.tap("list.1", 1000);
    CHECK(desk.focus().empty());
    CHECK(is(desk.key(Key::back), "list.back"));
}

TEST_CASE("interaction: who works with keys finds the ring on the next screen") {
    Desk desk;
    desk.show(samples::home("de"));
    (void)desk.key(Key::next);
    desk.show(samples::list());
    CHECK(desk.focus() == "list.1");
}

TEST_CASE("interaction: pages turn inside; the end is told once, when the last page is shown") {
    Desk desk;
    CHECK(desk.show(big(samples::release("de"))).empty());
    const unsigned pages = desk.interaction.drawn().pages;
    REQUIRE(pages >= 3);
    std::size_t ends = 0;
    for (unsigned i = 1; i < pages; ++i) ends += desk.tap("pager.next", i * 2000).size();
    CHECK(ends == 1);
    CHECK(desk.interaction.moment().page + 1 == pages);
    CHECK(desk.tap("pager.prev", 90'000).empty());
    CHECK(desk.interaction.moment().page + 2 == pages);
    CHECK(desk.key(Key::page_next).empty());
    CHECK(desk.key(Key::back).empty());
    CHECK(desk.interaction.moment().page + 2 == pages);
}

TEST_CASE("interaction: a screen of one page tells its end at once") {
    Desk desk;
    const auto intents = desk.show(samples::home("de"));
    REQUIRE(intents.size() == 1);
    CHECK(std::holds_alternative<view::EndOfPages>(intents.front()));
}

TEST_CASE("interaction: digits of the keypad count on the pad only; a disabled key does nothing") {
    Desk desk;
    desk.show(samples::home("de"));
    CHECK(desk.send(DigitKey{3}).empty());
    desk.show(samples::pin());
    CHECK(is_digit(desk.send(DigitKey{3}), 3));
    CHECK(desk.send(DigitKey{10}).empty());
    CHECK(desk.tap("pad.next", 5000).empty());
    const auto removed = desk.send(DeleteKey{});
    REQUIRE(removed.size() == 1);
    CHECK(std::holds_alternative<view::DeleteDigit>(removed.front()));
    view::Screen full = samples::pin();
    std::get<view::DigitPad>(full.blocks.back()).next_enabled = true;
    desk.show(full);
    CHECK(is(desk.key(Key::activate), "pad.next"));
}

TEST_CASE("interaction: typing a digit keeps the ring where it is") {
    Desk desk;
    view::Screen screen = samples::pin();
    desk.show(screen);
    for (int i = 0; i < 5; ++i) (void)desk.key(Key::next);
    CHECK(desk.focus() == "pad.5");
    CHECK(is_digit(desk.key(Key::activate), 5));
    std::get<view::DigitBoxes>(screen.blocks[4]).entered = 4;
    desk.show(screen);
    CHECK(desk.focus() == "pad.5");
}
