// SPDX-License-Identifier: EUPL-1.2
// A picture of the screen: 32 bit 0xFFRRGGBB, row by row. What the rasteriser fills, the window
// shows and goldens compare. Pure data, any thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace widgets {

/// Pixels of the panel.
struct Rect {
    int x = 0, y = 0, w = 0, h = 0;
    [[nodiscard]] int right() const { return x + w; }
    [[nodiscard]] int bottom() const { return y + h; }
    [[nodiscard]] bool contains(int px, int py) const {
        return px >= x && px < right() && py >= y && py < bottom();
    }
    [[nodiscard]] bool contains(const Rect& o) const {
        return o.x >= x && o.y >= y && o.right() <= right() && o.bottom() <= bottom();
    }
    [[nodiscard]] bool overlaps(const Rect& o) const {
        return x < o.right() && o.x < right() && y < o.bottom() && o.y < bottom();
    }
    [[nodiscard]] Rect inset(int by) const { return {x + by, y + by, w - 2 * by, h - 2 * by}; }
    friend bool operator==(const Rect&, const Rect&) = default;
};

struct Frame {
    int width = 0, height = 0;
    std::vector<std::uint32_t> pixels;

    Frame() = default;
    Frame(int w, int h)
        : width(w), height(h), pixels(static_cast<std::size_t>(w) * static_cast<std::size_t>(h)) {}
    [[nodiscard]] std::uint32_t* row(int y) {
        return pixels.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
    }
    [[nodiscard]] const std::uint32_t* row(int y) const {
        return pixels.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
    }
    friend bool operator==(const Frame&, const Frame&) = default;
};

}  // namespace widgets
