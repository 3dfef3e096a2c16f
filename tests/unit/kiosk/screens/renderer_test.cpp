// SPDX-License-Identifier: EUPL-1.2
// The renderer on the samples of the design: zones to the pixel, pages, pair last, draft mark, same
// picture twice, any density.
#include "kiosk/screens/renderer.hpp"

#include "tests/screens/samples.hpp"

// After the project's headers: both define CHECK, and tests mean doctest's.
#include <doctest/doctest.h>

namespace {

using widgets::Rect;

screens::Renderer open_renderer() {
    auto renderer = screens::Renderer::open(FREIGABE_FONT_DIR, samples::resolve);
    REQUIRE(renderer.has_value());
    return std::move(*renderer);
}

Rect rect(const screens::Drawn& drawn, const char* id) {
    const a11y::Node* node = drawn.tree.find(id);
    REQUIRE(node != nullptr);
    return {node->x, node->y, node->w, node->h};
}

}  // namespace

TEST_CASE("renderer: pair, actions and tools lie in the design's zones") {
    screens::Renderer renderer = open_renderer();
    widgets::Frame frame;
    const screens::Drawn drawn = renderer.draw(samples::release("de"), {}, {}, frame);
    CHECK(rect(drawn, "release.yes") == Rect{48, 1488, 480, 144});
    CHECK(rect(drawn, "release.no") == Rect{552, 1488, 480, 144});
    CHECK(rect(drawn, "release.back").y == 1656);
    CHECK(rect(drawn, "release.back").x == 48);
    CHECK(rect(drawn, "release.info").right() == 1032);
    CHECK(rect(drawn, "tool.language").y + rect(drawn, "tool.language").h == 1920);
    CHECK(rect(drawn, "tool.leave").right() == 1056);
}

TEST_CASE("renderer: titles of one flow stand at one height") {
    screens::Renderer renderer = open_renderer();
    widgets::Frame frame;
    std::vector<int> heights;
    for (const view::Screen& screen : {samples::release("de"), samples::pin(),
                                       samples::review("de"), samples::done(), samples::can()}) {
        const screens::Drawn drawn = renderer.draw(screen, {}, {}, frame);
        for (const a11y::Node& node : drawn.tree.nodes()) {
            const bool title = node.role == a11y::Role::heading &&
                               node.label == samples::resolve(screen.title, "de");
            if (title) heights.push_back(node.y);
        }
    }
    REQUIRE(heights.size() == 5);
    for (const int y : heights) CHECK(y == heights.front());
}

TEST_CASE("renderer: the pair is on the last page only, and nothing is lost between pages") {
    screens::Renderer renderer = open_renderer();
    widgets::Frame frame;
    view::Screen screen = samples::release("de");
    screen.display.text_percent = 200;
    std::string words;
    unsigned pages = 1;
    for (unsigned page = 0; page < pages; ++page) {
        screens::Moment moment;
        moment.page = page;
        const screens::Drawn drawn = renderer.draw(screen, {}, moment, frame);
        pages = drawn.pages;
        CHECK((drawn.tree.find("release.yes") != nullptr) == (page + 1 == pages));
        words += a11y::outline(drawn.tree);
    }
    CHECK(pages >= 3);
    for (const char* part : {"Hilfen und Kurse, die Sie hatten", "Nicht dabei:", "Wofür?",
                             "Und ohne Ihr Ja?", "Zurücknehmen?", "release.info"}) {
        CAPTURE(part);
        CHECK(words.find(part) != std::string::npos);
    }
}

TEST_CASE("renderer: reading order is header, content, pair, actions, tools") {
    screens::Renderer renderer = open_renderer();
    widgets::Frame frame;
    const screens::Drawn drawn = renderer.draw(samples::release("de"), {}, {}, frame);
    const std::string outline = a11y::outline(drawn.tree);
    std::size_t at = 0;
    for (const char* part : {"Freigabe", "Schritt 1 von 4", "Hilfe-Verlauf", "release.to.agency",
                             "Was wird gesagt?", "Wofür?", "release.yes", "release.no",
                             "release.back", "release.info", "tool.language", "tool.leave"}) {
        CAPTURE(part);
        const std::size_t next = outline.find(part, at);
        REQUIRE(next != std::string::npos);
        at = next;
    }
}

TEST_CASE("renderer: the draft mark stands in the header of every drafted screen") {
    screens::Renderer renderer = open_renderer();
    widgets::Frame frame;
    view::Screen screen = samples::home("de");
    CHECK(a11y::outline(renderer.draw(screen, {}, {}, frame).tree).find("Entwurf") ==
          std::string::npos);
    screen.draft = true;
    for (const auto percent : std::initializer_list<std::uint16_t>{100, 200}) {
        screen.display.text_percent = percent;
        CHECK(a11y::outline(renderer.draw(screen, {}, {}, frame).tree).find("Entwurf") !=
              std::string::npos);
    }
}

TEST_CASE("renderer: the same screen gives the same pixels, also after a flush") {
    screens::Renderer renderer = open_renderer();
    widgets::Frame one;
    widgets::Frame two;
    (void)renderer.draw(samples::review("ar"), {}, {}, one);
    renderer.flush();
    (void)renderer.draw(samples::home("de"), {}, {}, two);
    (void)renderer.draw(samples::review("ar"), {}, {}, two);
    CHECK(one == two);
}

TEST_CASE("renderer: a finer panel shows the same millimetres") {
    screens::Renderer renderer = open_renderer();
    widgets::Frame frame;
    const screens::Drawn normal = renderer.draw(samples::home("de"), {}, {}, frame);
    const screens::Drawn fine = renderer.draw(samples::home("de"), {2160, 3840, 0.1555}, {}, frame);
    const Rect a = rect(normal, "home.give");
    const Rect b = rect(fine, "home.give");
    CHECK(b.w == 2 * a.w);
    CHECK(std::abs(b.h - 2 * a.h) <= 2);
    CHECK(fine.text_overflows.empty());
    const screens::Drawn small = renderer.draw(samples::home("de"), {540, 960, 0.622}, {}, frame);
    CHECK(small.pages == 1);
    CHECK(small.text_overflows.empty());
}

TEST_CASE("renderer: the focus ring changes pixels around its widget and nothing else") {
    screens::Renderer renderer = open_renderer();
    widgets::Frame without;
    widgets::Frame with;
    const screens::Drawn drawn = renderer.draw(samples::home("de"), {}, {}, without);
    screens::Moment moment;
    moment.focus = "home.give";
    (void)renderer.draw(samples::home("de"), {}, moment, with);
    const Rect around = rect(drawn, "home.give").inset(-14);
    // The outermost pixels of the corners lie outside of the rounded widget.
    const Rect inside = rect(drawn, "home.give").inset(2);
    std::size_t changed = 0;
    for (int y = 0; y < with.height; ++y) {
        for (int x = 0; x < with.width; ++x) {
            if (with.row(y)[x] == without.row(y)[x]) continue;
            ++changed;
            CHECK(around.contains(x, y));
            CHECK_FALSE(inside.contains(x, y));
        }
    }
    CHECK(changed > 1000);
}

TEST_CASE("renderer: a file number is spoken and listed without isolates") {
    screens::Renderer renderer = open_renderer();
    widgets::Frame frame;
    view::Screen screen = samples::home("ar");
    screen.lead = samples::say("رقم الملف \u206643-0815/2026\u2069");
    const std::string outline = a11y::outline(renderer.draw(screen, {}, {}, frame).tree);
    CHECK(outline.find("43-0815/2026") != std::string::npos);
    CHECK(outline.find("\u2066") == std::string::npos);
}

TEST_CASE(
    "renderer: a page with nothing but the pair says what finds room, the first lines first") {
    screens::Renderer renderer = open_renderer();
    widgets::Frame frame;
    view::Screen screen = samples::release("de");
    screen.display.text_percent = 200;
    REQUIRE(screen.pair.has_value());
    screen.pair->summary.clear();
    for (int i = 0; i < 30; ++i) {
        view::Text line;
        line.literal = "Zeile " + std::to_string(i);
        screen.pair->summary.push_back(line);
    }
    screens::Moment moment;
    moment.page = renderer.draw(screen, {}, moment, frame).pages - 1;
    const screens::Drawn drawn = renderer.draw(screen, {}, moment, frame);
    std::size_t lines = 0;
    for (const a11y::Node& node : drawn.tree.nodes()) {
        if (!node.label.starts_with("Zeile ")) continue;
        CHECK(node.label == "Zeile " + std::to_string(lines));
        CHECK(node.y + node.h <= rect(drawn, "release.yes").y);
        ++lines;
    }
    CHECK(lines > 3);
    CHECK(lines < 30);
}
