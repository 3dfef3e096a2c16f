// SPDX-License-Identifier: EUPL-1.2
// One 8 bit picture that holds every glyph, icon and rounded corner of a screen, so that a screen
// is one draw call. Filled on shelves, never moved; flush() wipes it, because glyphs in their order
// of arrival tell what was written. UI thread only.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>

#include "drivers/base/bytes.hpp"
#include "kiosk/text/faces.hpp"

namespace widgets {

/// Where a mask lies in the atlas, and where it stands against the pen.
struct Place {
    int x = 0, y = 0, w = 0, h = 0;
    int left = 0, top = 0;
};

class Atlas {
  public:
    /// A power of two, so that x / side is exact in a float and drawing is to the pixel.
    static constexpr int side_px = 2048;

    Atlas() : alpha_(std::size_t{side_px} * side_px) { reset_shelves(); }

    /// Finds a mask drawn before.
    [[nodiscard]] std::optional<Place> find(std::uint64_t key) const;
    /// Puts a mask in. Nothing is returned if it is full: flush and draw the screen again.
    [[nodiscard]] std::optional<Place> add(std::uint64_t key, const text::Mask& mask);
    /// Wipes all pixels and forgets all places.
    void flush();

    [[nodiscard]] const std::uint8_t* row(int y) const {
        return alpha_.data() + std::size_t{side_px} * static_cast<std::size_t>(y);
    }
    [[nodiscard]] std::size_t count() const { return places_.size(); }

  private:
    void reset_shelves();

    base::Bytes alpha_;
    std::unordered_map<std::uint64_t, Place> places_;
    int pen_x_ = 0, pen_y_ = 0, shelf_h_ = 0;
};

}  // namespace widgets
