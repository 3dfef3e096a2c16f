// SPDX-License-Identifier: EUPL-1.2
// The six pinned font faces: coverage, shaping of one run, and the 8 bit mask of one glyph. Apart
// from the engine because only this file speaks FreeType and HarfBuzz. Without hinting, so that two
// FreeType releases give the same pixels. UI thread only.
#pragma once

#include <hb.h>

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "drivers/base/bytes.hpp"
#include "drivers/base/handle.hpp"
#include "drivers/base/result.hpp"
#include "kiosk/text/markup.hpp"

struct FT_FaceRec_;
struct FT_LibraryRec_;

namespace text {

/// Index of a script's font in the chain; the bold face stands beside the regular one.
enum class Script : std::uint8_t { latin, arabic, ethiopic };
inline constexpr std::size_t script_count = 3;

struct FaceId {
    Script script = Script::latin;
    Weight weight = Weight::regular;
    friend bool operator==(FaceId, FaceId) = default;
};

/// One glyph of a shaped run; x and y are offsets from the pen, advance moves it. Pixels.
struct ShapedGlyph {
    std::uint32_t glyph;
    std::uint32_t cluster;  ///< index of the first code point it stands for
    float x, y, advance;
};

/// Coverage of one glyph, row by row, 0..255.
struct Mask {
    int width = 0, height = 0;
    int left = 0, top = 0;  ///< from the pen to the mask's upper left corner; top counts upwards
    base::Bytes alpha;

    /// Where a point stands in `alpha`.
    [[nodiscard]] std::size_t index(int row, int column) const {
        return static_cast<std::size_t>(row) * static_cast<std::size_t>(width) +
               static_cast<std::size_t>(column);
    }
};

struct Run {
    std::span<const std::uint32_t> codes;  ///< the whole line: letters join across runs
    std::size_t from, to;
    FaceId face;
    hb_script_t script;
    bool right_to_left;
};

class Faces {
  public:
    /// Opens the fonts of `directory`.
    /// errors   file_io if one cannot be opened; detail = its number in assets/fonts.list, from 0.
    static base::Result<Faces> open(const std::string& directory);

    Faces(const Faces&) = delete;
    Faces& operator=(const Faces&) = delete;
    Faces(Faces&&) noexcept;
    Faces& operator=(Faces&&) noexcept;
    ~Faces();

    [[nodiscard]] bool covers(FaceId face, std::uint32_t code) const;
    /// Ascender of the Latin font in pixels: all lines are measured by it, because the Arabic font
    /// alone is twice as tall.
    [[nodiscard]] static float ascent_px(float size_px) { return 1.069F * size_px; }
    [[nodiscard]] static float descent_px(float size_px) { return 0.293F * size_px; }

    /// Shapes codes[from, to) of one face, script and direction, in visual order.
    [[nodiscard]] std::vector<ShapedGlyph> shape(const Run& run, float size_px,
                                                 const std::string& language);
    /// Draws one glyph, moved right by `quarter`/4 pixel.
    [[nodiscard]] Mask draw(FaceId face, std::uint32_t glyph, float size_px, unsigned quarter);

  private:
    struct Parts;
    explicit Faces(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace text
