// SPDX-License-Identifier: EUPL-1.2
// The design tokens as typed values: colours, type, what is mirrored. Read once from
// assets/theme/tokens.json at start. Immutable after construction, any thread.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/result.hpp"
#include "kiosk/text/engine.hpp"
#include "kiosk/view/view_model.hpp"

namespace widgets {

enum class Colour : std::uint8_t {
    page,
    surface,
    sunken,
    ink,
    ink_soft,
    border,
    divider,
    accent,
    on_accent,
    accent_tint,
    ok,
    ok_tint,
    warn,
    warn_tint,
    danger,
    danger_tint,
    focus,
    scrim,
    pressed,
    disabled
};
inline constexpr std::size_t colour_count = 20;
/// Names in the token file, in the order of Colour.
[[nodiscard]] std::string_view name_of(Colour colour);

/// 0xRRGGBB of each colour.
using Palette = std::array<std::uint32_t, colour_count>;

struct TypeScale {
    text::Style body, heading, title;
};

/// One line of the contrast table: `text` on `ground` has at least `min` to 1.
struct ContrastRule {
    Colour text, ground;
    double min;
};

struct Theme {
    std::array<Palette, 3> palettes{};  ///< light, dark, high contrast
    std::array<TypeScale, 3> scales;    ///< 100, 160, 200 %
    int body_line_dense_px = 44;
    float chrome_max_px = 54;  ///< header, tools and pills stop growing here
    double mm_per_px = 0.311;  ///< of the reference panel
    int double_strike_ms = 500;
    std::vector<std::string> mirrored;  ///< icons that turn round in right-to-left languages
    std::vector<ContrastRule> contrast;

    /// Reads the token file.
    /// errors  config_bad if a value is missing or of another kind.
    static base::Result<Theme> parse(std::string_view json);

    [[nodiscard]] const Palette& palette(view::Contrast mode) const {
        return palettes.at(static_cast<std::size_t>(mode));
    }
    [[nodiscard]] const TypeScale& scale(std::uint16_t percent) const {
        return scales.at(percent >= 200 ? 2 : percent >= 160 ? 1 : 0);
    }
    [[nodiscard]] bool is_mirrored(std::string_view icon) const;
};

}  // namespace widgets
