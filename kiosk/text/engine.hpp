// SPDX-License-Identifier: EUPL-1.2
// Text in any of our scripts to lines of placed glyphs. Cache inside; flush() at session end wipes
// it, since it holds names. Line metrics come from the Latin face for every script (design tokens:
// line_metrics_from). UI thread only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "kiosk/text/faces.hpp"
#include "kiosk/text/itemise.hpp"
#include "kiosk/text/markup.hpp"

namespace text {

struct Style {
    float size_px = 34;
    int line_px = 48;
    Weight weight = Weight::regular;
};

struct Request {
    std::string_view
        utf8;  ///< with ** mark-up, soft hyphens and isolates; a line feed starts a new line
    Style style;
    int width_px = 0;  ///< lines are at most this wide; a single word that is wider stands alone
    Direction direction = Direction::left_to_right;
    std::string language = "de";  ///< BCP 47
};

/// One glyph; x from the left end of its line, y from the baseline downwards.
struct PlacedGlyph {
    FaceId face;
    std::uint32_t glyph = 0;
    float x = 0, y = 0;
};

struct Line {
    std::vector<PlacedGlyph> glyphs;
    float width = 0;
    int words = 0;  ///< for the rule against a lone last word
};

struct Layout {
    std::vector<Line> lines;
    float width = 0;         ///< of the widest line
    int height = 0;          ///< lines x line_px
    int first_baseline = 0;  ///< from the top; the next ones follow every line_px
    unsigned missing = 0;    ///< characters that no face has
    unsigned broken =
        0;  ///< words cut in the middle because they are wider than the line: a fault of the screen
    Style style;
    Direction direction = Direction::left_to_right;
};

class Engine {
  public:
    /// Opens the pinned fonts of `directory`; errors as Faces::open.
    static base::Result<Engine> open(const std::string& directory);

    /// Lays out a text. The reference stays valid until flush() or trim().
    [[nodiscard]] const Layout& layout(const Request& request);
    /// Draws one glyph; see Faces::draw. Not cached here: the atlas of the screen keeps it.
    [[nodiscard]] Mask draw(FaceId face, std::uint32_t glyph, float size_px, unsigned quarter) {
        return faces_.draw(face, glyph, size_px, quarter);
    }
    [[nodiscard]] std::size_t cached() const { return cache_.size(); }
    /// Forgets every text, overwriting the keys.
    void flush();
    /// For the time between two screens: forgets all if more than layouts_max are kept, so that a
    /// terminal that nobody uses for weeks does not grow.
    void trim();
    /// A screen has fewer than 100 texts, every text is measured at a few widths.
    static constexpr std::size_t layouts_max = 2'000;

  private:
    explicit Engine(Faces faces) : faces_(std::move(faces)) {}
    [[nodiscard]] Layout build(const Request& request);

    Faces faces_;
    std::unordered_map<std::string, Layout> cache_;
};

}  // namespace text
