// SPDX-License-Identifier: EUPL-1.2
// The pencil of all components: flat shapes, icons and text into one ImGui draw list, mirrored for
// right-to-left screens. Coordinates count from the reading edge: x = 0 is left in German and right
// in Arabic; nothing else in the kiosk mirrors. The draw list is used without an ImGui context: no
// global state, no input, no second font system. UI thread only.
#pragma once

#include <imgui.h>
#include <imgui_internal.h>

#include <memory>
#include <string_view>
#include <vector>

#include "kiosk/text/engine.hpp"
#include "kiosk/widgets/atlas.hpp"
#include "kiosk/widgets/frame.hpp"
#include "kiosk/widgets/icons.hpp"
#include "kiosk/widgets/theme.hpp"

namespace widgets {

enum class Align : std::uint8_t { start, center, end };
enum class Mirror : std::uint8_t { off, on };

struct Point {
    float x, y;
};

/// Look of a box.
struct Surface {
    Colour fill = Colour::surface;
    Colour border = Colour::divider;
    int border_px = 0;
    int radius_px = 0;
    bool dashed = false;
};

/// The parts a canvas draws with; they outlive it.
struct Tools {
    text::Engine& engine;
    const Icons& icons;
    Atlas& atlas;
    const Theme& theme;
};

struct CanvasOptions {
    int width = 0, height = 0;
    Mirror mirror = Mirror::off;
    view::Contrast contrast = view::Contrast::light;
};

class Canvas {
  public:
    Canvas(const Tools& tools, const CanvasOptions& options);
    Canvas(const Canvas&) = delete;
    Canvas& operator=(const Canvas&) = delete;
    ~Canvas() = default;

    void fill(const Rect& rect, Colour colour, int radius_px = 0);
    void surface(const Rect& rect, const Surface& look);
    /// A ring inside of `rect`, `width_px` thick.
    void ring(const Rect& rect, Colour colour, int radius_px, int width_px);
    void icon(std::string_view name, int x, int y, int size_px, Colour colour);
    /// Lines from the top of `rect`; each aligned on its own.
    void text(const text::Layout& layout, const Rect& rect, Align align, Colour colour);
    /// Black and white of a code, whatever the theme.
    void paper(const Rect& rect, int radius_px);
    void black(const Rect& rect) { solid(on_panel(rect), IM_COL32(0, 0, 0, 255)); }
    /// Free shapes of the pictures; smoothed by ImGui.
    void stroke(const std::vector<Point>& points, Colour colour, float width_px);
    void polygon(const std::vector<Point>& points, Colour colour);

    /// Where a box ends up on the panel.
    [[nodiscard]] Rect on_panel(const Rect& rect) const;
    [[nodiscard]] bool mirrored() const { return options_.mirror == Mirror::on; }
    /// The atlas ran full while drawing: flush it and draw again.
    [[nodiscard]] bool atlas_full() const { return atlas_full_; }
    /// Texts that were larger than their box, cut inside a word, or without a glyph: none on a
    /// correct screen; tests look here.
    [[nodiscard]] const std::vector<Rect>& overflows() const { return overflows_; }
    [[nodiscard]] const ImDrawList& list() const { return *list_; }

  private:
    [[nodiscard]] ImU32 ink(Colour colour) const;
    void solid(const Rect& rect, ImU32 colour);
    void rounded(const Rect& panel, ImU32 colour, int radius_px);
    void masked(const Place& place, int x, int y, ImU32 colour);
    /// One of the four corners of a disc or ring, as a mask. quarter: 0 upper left, 1 upper right,
    /// 2 lower left, 3 lower right.
    void corner(int x, int y, int radius_px, int width_px, unsigned quarter, ImU32 colour);
    void dashes(const Rect& panel, const Surface& look);
    void glyph(const text::PlacedGlyph& glyph, float size_px, float line_x, int baseline,
               ImU32 colour);
    [[nodiscard]] std::optional<Place> keep(std::uint64_t key, const text::Mask& mask);
    [[nodiscard]] ImVec2 to_panel(Point point) const;

    Tools tools_;
    CanvasOptions options_;
    ImDrawListSharedData shared_;
    std::unique_ptr<ImDrawList> list_;  ///< after shared_, which it points to
    bool atlas_full_ = false;
    std::vector<Rect> overflows_;
};

}  // namespace widgets
