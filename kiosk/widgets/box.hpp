// SPDX-License-Identifier: EUPL-1.2
// The layout of components: boxes in columns, rows and grids, measured once and placed once, like
// the mock-ups' flex boxes. Apart so that a component only says what it consists of. Depth is that
// of our own components (below 10). UI thread only.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "kiosk/widgets/kit.hpp"

namespace widgets {

struct Padding {
    int top = 0, end = 0, bottom = 0, start = 0;
};

// Components in components, copied as one.
// NOLINTNEXTLINE(misc-no-recursion)
struct Box {
    enum class Kind : std::uint8_t { column, row, grid, text, icon, picture, space };
    /// How children stand across the direction of the box.
    enum class Cross : std::uint8_t { stretch, start, center, end };

    Kind kind = Kind::space;
    std::vector<Box> children;

    // Place.
    int gap = 0;
    int row_gap = 0;    ///< grid only
    int columns = 1;    ///< grid only
    bool even = false;  ///< grid only: all rows share the height
    Padding pad;
    Cross cross = Cross::stretch;
    Align main = Align::start;  ///< where children stand along the box if none grows
    bool spread = false;        ///< free height goes between the children
    int grow = 0;               ///< share of the free space of the parent
    int width = 0;              ///< fixed if > 0
    int min_height = 0;
    int max_height = 0;          ///< a growing child stops here; 0 = no limit
    bool left_to_right = false;  ///< rows and grids of digits are never mirrored
    int span = 1;                ///< grid columns taken

    // Look.
    std::optional<Surface> look;

    // Content of a text, icon or picture.
    std::string words;
    std::string language;
    text::Style style;
    Colour colour = Colour::ink;
    Align align = Align::start;
    std::string icon;
    int size = 0;
    std::function<void(Canvas&, const Rect&)> paint;

    /// Entered into the registry before the children.
    std::optional<a11y::Node> node;
};

struct Size {
    int w = 0, h = 0;
};

/// Smallest size of a box that may be `width` wide.
[[nodiscard]] Size measure(const Kit& kit, const Box& box, int width);
/// Draws a box into `rect` and registers what it holds.
void place(const Kit& kit, const Box& box, const Rect& rect, Canvas& canvas,
           a11y::Registry& registry);

[[nodiscard]] Box column(int gap, std::vector<Box> children);
[[nodiscard]] Box row(int gap, std::vector<Box> children);
[[nodiscard]] Box space(int grow = 1);
[[nodiscard]] Box icon(std::string name, int size_px, Colour colour);
/// A text that is also read aloud and found in the registry.
[[nodiscard]] Box text(const Kit& kit, const view::Text& text, const text::Style& style,
                       Colour colour);
/// A text that belongs to a target, which speaks for it.
[[nodiscard]] Box silent(const Kit& kit, const view::Text& text, const text::Style& style,
                         Colour colour);
[[nodiscard]] Box grown(Box box);

}  // namespace widgets
