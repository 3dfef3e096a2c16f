// SPDX-License-Identifier: EUPL-1.2
// One paragraph, code point by code point: bidi level, script, face, and whether a line may break
// behind it. Apart from the engine because this is where the Unicode annexes live. Norm: UAX #9
// (bidi), UAX #14 (lines), UAX #24 (scripts).
#pragma once

#include <hb.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "kiosk/text/faces.hpp"

namespace text {

enum class Direction : std::uint8_t { left_to_right, right_to_left };

struct Item {
    std::uint8_t level = 0;  ///< odd = right to left
    hb_script_t script = HB_SCRIPT_LATIN;
    FaceId face;
    bool break_after = false;
    bool missing = false;  ///< no face has this character
    [[nodiscard]] bool same_run(const Item& o) const {
        return level == o.level && script == o.script && face == o.face;
    }
};

/// Analyses one paragraph (no line feed inside).
/// returns  one Item per code point.
[[nodiscard]] std::vector<Item> itemise(const Faces& faces, std::span<const std::uint32_t> codes,
                                        std::span<const Weight> weights, Direction direction,
                                        const std::string& language);

}  // namespace text
