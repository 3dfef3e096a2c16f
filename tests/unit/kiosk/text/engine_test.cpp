// SPDX-License-Identifier: EUPL-1.2
// Lines, direction, hyphens and coverage of the text engine, with the pinned fonts.
#include <algorithm>

#include "kiosk/text/engine.hpp"

// After the project's headers: both define CHECK, and tests mean doctest's.
#include <doctest/doctest.h>

namespace {

text::Engine open_engine() {
    auto engine = text::Engine::open(FREIGABE_FONT_DIR);
    REQUIRE(engine.has_value());
    return std::move(*engine);
}

text::Request request(std::string_view words, int width, const char* language = "de") {
    text::Request r;
    r.utf8 = words;
    r.width_px = width;
    r.language = language;
    if (text::is_right_to_left(language)) r.direction = text::Direction::right_to_left;
    return r;
}

/// Glyphs from left to right, as the eye meets them.
std::vector<std::uint32_t> glyphs(const text::Line& line) {
    std::vector<text::PlacedGlyph> sorted = line.glyphs;
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.x < b.x; });
    std::vector<std::uint32_t> out;
    for (const auto& g : sorted) out.push_back(g.glyph);
    return out;
}

bool contains(const std::vector<std::uint32_t>& all, const std::vector<std::uint32_t>& part) {
    return std::search(all.begin(), all.end(), part.begin(), part.end()) != all.end();
}

}  // namespace

TEST_CASE("engine: a file number stays whole in Arabic with isolates, and breaks without") {
    text::Engine engine = open_engine();
    const auto number = glyphs(engine.layout(request("43-0815/2026", 2000)).lines.front());
    const auto with =
        glyphs(engine.layout(request("رقم الملف \u206643-0815/2026\u2069 لديك", 2000, "ar"))
                   .lines.front());
    const auto without =
        glyphs(engine.layout(request("رقم الملف 43-0815/2026 لديك", 2000, "ar")).lines.front());
    CHECK(contains(with, number));
    CHECK_FALSE(contains(without, number));
}

TEST_CASE("engine: Arabic letters join: the shaped word differs from its letters alone") {
    text::Engine engine = open_engine();
    const auto word = engine.layout(request("بيت", 2000, "ar")).lines.front();
    const auto letter = engine.layout(request("ب", 2000, "ar")).lines.front();
    CHECK(word.glyphs.size() >= 3);
    CHECK_FALSE(contains(glyphs(word), glyphs(letter)));
}

TEST_CASE("engine: lines are never wider than asked, at any width a word fits in") {
    text::Engine engine = open_engine();
    const std::string words =
        "Jedes Amt fragt Sie selbst. Nicht weniger Geld, nicht weniger Hilfe.";
    for (int width = 160; width < 1200; width += 37) {
        CAPTURE(width);
        const text::Layout& layout = engine.layout(request(words, width));
        CHECK(layout.broken == 0);
        for (const text::Line& line : layout.lines)
            CHECK(line.width <= static_cast<float>(width) + 1.0F);
    }
}

TEST_CASE("engine: a soft hyphen shows only where the line ends at it") {
    text::Engine engine = open_engine();
    const text::Layout plain = engine.layout(request("Aktenzeichen", 2000));
    const text::Layout wide = engine.layout(request("Akten\u00ADzeichen", 2000));
    CHECK(wide.lines.size() == 1);
    CHECK(wide.width == doctest::Approx(plain.width));
    const int narrow = static_cast<int>(plain.width) - 10;
    const text::Layout cut = engine.layout(request("Akten\u00ADzeichen", narrow));
    REQUIRE(cut.lines.size() == 2);
    CHECK(cut.broken == 0);
    const auto hyphen = glyphs(engine.layout(request("-", 2000)).lines.front());
    CHECK(glyphs(cut.lines[0]).back() == hyphen.front());
    const text::Layout hard = engine.layout(request("Aktenzeichen", narrow));
    CHECK(hard.broken == 1);
}

TEST_CASE("engine: the last line is no lone short word if closer lines avoid it") {
    text::Engine engine = open_engine();
    const text::Layout all = engine.layout(request("Hilfen und Kurse, die Sie hatten", 2000));
    const text::Layout two = engine.layout(
        request("Hilfen und Kurse, die Sie hatten", static_cast<int>(all.width) - 20));
    REQUIRE(two.lines.size() == 2);
    CHECK(two.lines.back().words >= 2);
}

TEST_CASE("engine: lines of all scripts have the same height and baseline") {
    text::Engine engine = open_engine();
    const text::Layout latin = engine.layout(request("Freigabe", 2000));
    for (const char* words : {"العربية", "ትግርኛ", "Українська"}) {
        const text::Layout other = engine.layout(request(words, 2000));
        CHECK(other.height == latin.height);
        CHECK(other.first_baseline == latin.first_baseline);
    }
}

TEST_CASE("engine: every language of the product has its letters; what no font has is counted") {
    text::Engine engine = open_engine();
    for (const char* words : {"Gebärden ß", "العربية", "فارسی · دری", "Українська ґ", "Türkçe ğış",
                              "Русский ё", "Français œ", "پښتو ځ", "Kurdî ê", "ትግርኛ ዀ"}) {
        CAPTURE(words);
        CHECK(engine.layout(request(words, 2000)).missing == 0);
    }
    CHECK(engine.layout(request("漢字", 2000)).missing == 2);
}

TEST_CASE("engine: a line feed starts a line, an empty text has one line") {
    text::Engine engine = open_engine();
    CHECK(engine.layout(request("a\nb\n\nc", 2000)).lines.size() == 4);
    CHECK(engine.layout(request("", 2000)).lines.size() == 1);
}

TEST_CASE("engine: bold is wider than regular and comes from its own face") {
    text::Engine engine = open_engine();
    const text::Layout regular = engine.layout(request("Weiter", 2000));
    const text::Layout bold = engine.layout(request("**Weiter**", 2000));
    CHECK(bold.width > regular.width);
    CHECK(bold.lines.front().glyphs.front().face.weight == text::Weight::bold);
}

TEST_CASE("engine: flush forgets every text") {
    text::Engine engine = open_engine();
    (void)engine.layout(request("Leyla Y.", 2000)).width;
    CHECK(engine.cached() == 1);
    engine.flush();
    CHECK(engine.cached() == 0);
}

TEST_CASE("engine: trim keeps what a screen needs and forgets what weeks have left behind") {
    text::Engine engine = open_engine();
    for (std::size_t i = 0; i < text::Engine::layouts_max; ++i) {
        (void)engine.layout(request("12", static_cast<int>(100 + i))).width;
    }
    engine.trim();
    CHECK(engine.cached() == text::Engine::layouts_max);
    (void)engine.layout(request("13", 100)).width;
    engine.trim();
    CHECK(engine.cached() == 0);
}

TEST_CASE("engine: fonts that are not there are an error that says which") {
    const auto engine = text::Engine::open("/nowhere");
    REQUIRE_FALSE(engine.has_value());
    CHECK(engine.error().code == base::Errc::file_io);
    CHECK(engine.error().detail == 0);
}
