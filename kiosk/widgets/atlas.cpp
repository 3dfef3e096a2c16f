// SPDX-License-Identifier: EUPL-1.2
// Implementation of atlas.hpp. UI thread only.
#include "kiosk/widgets/atlas.hpp"

#include "kiosk/text/overwrite.hpp"

#include <algorithm>

#include "drivers/base/secret.hpp"

namespace widgets {
namespace {
constexpr int gap_px = 1;
}

std::optional<Place> Atlas::find(std::uint64_t key) const {
    const auto found = places_.find(key);
    if (found == places_.end()) return std::nullopt;
    return found->second;
}

std::optional<Place> Atlas::add(std::uint64_t key, const text::Mask& mask) {
    if (pen_x_ + mask.width > side_px) {
        pen_x_ = 0;
        pen_y_ += shelf_h_ + gap_px;
        shelf_h_ = 0;
    }
    if (mask.width > side_px || pen_y_ + mask.height > side_px) return std::nullopt;
    const Place place{pen_x_, pen_y_, mask.width, mask.height, mask.left, mask.top};
    for (int y = 0; y < mask.height; ++y) {
        const auto width = static_cast<std::size_t>(mask.width);
        const std::uint8_t* from = mask.alpha.data() + static_cast<std::size_t>(y) * width;
        std::copy_n(from, width,
                    alpha_.data() + std::size_t{side_px} * static_cast<std::size_t>(place.y + y) +
                        static_cast<std::size_t>(place.x));
    }
    pen_x_ += mask.width + gap_px;
    shelf_h_ = std::max(shelf_h_, mask.height);
    places_.emplace(key, place);
    return place;
}

void Atlas::flush() {
    base::wipe_memory(alpha_.data(), alpha_.size());
    places_.clear();
    reset_shelves();
}

void Atlas::reset_shelves() {
    pen_x_ = 0;
    pen_y_ = 0;
    shelf_h_ = 0;
}

}  // namespace widgets
