// SPDX-License-Identifier: EUPL-1.2
// The pencil and the rasteriser: to the pixel, clipped, mirrored; the atlas is wiped by flush.
#include "kiosk/widgets/box.hpp"
#include "kiosk/widgets/rasteriser.hpp"

// After the project's headers: both define CHECK, and tests mean doctest's.
#include <doctest/doctest.h>

using widgets::Colour;
using widgets::Frame;
using widgets::Mirror;
using widgets::Rect;

namespace {

/// Everything a canvas needs, with the real fonts and icons.
struct Desk {
    text::Engine engine = *text::Engine::open(FREIGABE_FONT_DIR);
    widgets::Icons icons = *widgets::Icons::parse(widgets::embedded_icons());
    widgets::Theme theme = *widgets::Theme::parse(widgets::embedded_tokens());
    widgets::Atlas atlas;

    template <class Draw>
    Frame draw(int width, int height, Mirror mirror, Draw&& draw) {
        widgets::Canvas canvas({engine, icons, atlas, theme},
                               {width, height, mirror, view::Contrast::light});
        canvas.fill({0, 0, width, height}, Colour::page);
        draw(canvas);
        Frame frame(width, height);
        widgets::rasterise(canvas.list(), atlas, frame);
        return frame;
    }
    [[nodiscard]] std::uint32_t rgb(Colour colour) const {
        return 0xFF000000U | theme.palettes[0][static_cast<std::size_t>(colour)];
    }
};

Frame mirrored(const Frame& frame) {
    Frame out(frame.width, frame.height);
    for (int y = 0; y < frame.height; ++y) {
        for (int x = 0; x < frame.width; ++x) out.row(y)[frame.width - 1 - x] = frame.row(y)[x];
    }
    return out;
}

}  // namespace

TEST_CASE("drawing: a square box covers exactly its pixels, also over the edge") {
    Desk desk;
    const Frame frame = desk.draw(40, 30, Mirror::off, [](widgets::Canvas& c) {
        c.fill({10, 5, 12, 7}, Colour::accent);
        c.fill({35, -4, 20, 10}, Colour::ok);
    });
    for (int y = 0; y < 30; ++y) {
        for (int x = 0; x < 40; ++x) {
            const bool in = Rect{10, 5, 12, 7}.contains(x, y);
            const bool corner = x >= 35 && y < 6;
            CHECK(frame.row(y)[x] == desk.rgb(in       ? Colour::accent
                                              : corner ? Colour::ok
                                                       : Colour::page));
        }
    }
}

TEST_CASE("drawing: a rounded box is symmetric, its edges are sharp, its corners are cut") {
    Desk desk;
    const Frame frame = desk.draw(60, 60, Mirror::off, [](widgets::Canvas& c) {
        c.fill({5, 5, 50, 50}, Colour::accent, 16);
    });
    CHECK(mirrored(frame) == frame);
    CHECK(frame.row(5)[30] == desk.rgb(Colour::accent));
    CHECK(frame.row(4)[30] == desk.rgb(Colour::page));
    CHECK(frame.row(5)[5] == desk.rgb(Colour::page));
}

TEST_CASE("drawing: the right-to-left picture of shapes is the mirror of the other") {
    Desk desk;
    const auto shapes = [](widgets::Canvas& c) {
        c.surface({8, 6, 40, 30}, {Colour::surface, Colour::border, 3, 12, false});
        c.ring({60, 6, 40, 30}, Colour::focus, 10, 4);
        c.icon("back", 10, 40, 36, Colour::ink);  // one that turns round
    };
    const Frame left = desk.draw(120, 90, Mirror::off, shapes);
    const Frame right = desk.draw(120, 90, Mirror::on, shapes);
    CHECK(right == mirrored(left));
}

TEST_CASE("drawing: a check mark is not mirrored") {
    Desk desk;
    const auto mark = [](widgets::Canvas& c) { c.icon("check", 30, 10, 60, Colour::ink); };
    CHECK(desk.draw(120, 80, Mirror::on, mark) == desk.draw(120, 80, Mirror::off, mark));
}

TEST_CASE("drawing: two triangles that share an edge leave no gap and cover nothing twice") {
    Desk desk;
    const Frame frame = desk.draw(64, 64, Mirror::off, [](widgets::Canvas& c) {
        c.polygon({{10, 10}, {54, 14}, {50, 50}, {12, 54}}, Colour::ink);
    });
    for (int y = 20; y < 48; ++y) {
        for (int x = 16; x < 48; ++x) CHECK(frame.row(y)[x] == desk.rgb(Colour::ink));
    }
}

TEST_CASE("atlas: keeps masks, refuses what does not fit, and flush wipes every pixel") {
    widgets::Atlas atlas;
    text::Mask mask;
    mask.width = 3;
    mask.height = 2;
    mask.alpha = {1, 2, 3, 4, 5, 6};
    const auto place = atlas.add(7, mask);
    REQUIRE(place.has_value());
    CHECK(atlas.row(place->y + 1)[place->x + 2] == 6);
    CHECK(atlas.find(7).has_value());
    text::Mask large;
    large.width = widgets::Atlas::side_px;
    large.height = widgets::Atlas::side_px;
    large.alpha.assign(std::size_t{widgets::Atlas::side_px} * widgets::Atlas::side_px, 255);
    CHECK_FALSE(atlas.add(8, large).has_value());
    atlas.flush();
    CHECK_FALSE(atlas.find(7).has_value());
    for (int y = 0; y < 8; ++y) {
        for (int x = 0; x < 16; ++x) CHECK(atlas.row(y)[x] == 0);
    }
}
