// SPDX-License-Identifier: EUPL-1.2
// Implementation of canvas.hpp. Rounded corners come from masks of exact coverage, so a box is five
// quads. UI thread only.
#include "kiosk/widgets/canvas.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "drivers/base/check.hpp"

namespace widgets {
namespace {

// Kinds of masks in the atlas, in the two topmost bits of the key.
constexpr std::uint64_t key_glyph = 0;
constexpr std::uint64_t key_icon = 1ULL << 62U;
constexpr std::uint64_t key_corner = 2ULL << 62U;

constexpr int dash_on_px = 8;
constexpr int dash_off_px = 6;
/// Samples per pixel and axis for a corner: 1/64 steps of coverage.
constexpr int corner_samples = 8;

text::Mask corner_mask(int radius, int width, unsigned quarter) {
    text::Mask mask;
    mask.width = radius;
    mask.height = radius;
    const float outer = static_cast<float>(radius);
    const float inner = static_cast<float>(std::max(0, radius - width));
    for (int y = 0; y < radius; ++y) {
        for (int x = 0; x < radius; ++x) {
            const int cx = (quarter & 1U) != 0 ? x : radius - 1 - x;
            const int cy = (quarter & 2U) != 0 ? y : radius - 1 - y;
            int hits = 0;
            for (int s = 0; s < corner_samples * corner_samples; ++s) {
                const float step = 1.0F / corner_samples;
                const int row = s / corner_samples;
                const int column = s % corner_samples;
                const float dx =
                    static_cast<float>(cx) + (static_cast<float>(column) + 0.5F) * step;
                const float dy = static_cast<float>(cy) + (static_cast<float>(row) + 0.5F) * step;
                const float square = dx * dx + dy * dy;
                if (square <= outer * outer && square >= inner * inner) ++hits;
            }
            mask.alpha.push_back(
                static_cast<std::uint8_t>(hits * 255 / (corner_samples * corner_samples)));
        }
    }
    return mask;
}

void flip(text::Mask& mask) {
    for (int y = 0; y < mask.height; ++y) {
        const auto row = mask.alpha.begin() + std::ptrdiff_t{y} * mask.width;
        std::reverse(row, row + mask.width);
    }
}

}  // namespace

Canvas::Canvas(const Tools& tools, const CanvasOptions& options)
    : tools_(tools), options_(options) {
    const auto width = static_cast<float>(options.width);
    const auto height = static_cast<float>(options.height);
    shared_.ClipRectFullscreen = ImVec4(0, 0, width, height);
    shared_.CurveTessellationTol = 1.0F;
    shared_.InitialFlags = ImDrawListFlags_AntiAliasedLines | ImDrawListFlags_AntiAliasedFill |
                           ImDrawListFlags_AllowVtxOffset;
    shared_.SetCircleTessellationMaxError(0.1F);
    list_ = std::make_unique<ImDrawList>(&shared_);
    list_->_ResetForNewFrame();
    list_->PushClipRectFullScreen();
}

ImU32 Canvas::ink(Colour colour) const {
    const std::uint32_t rgb =
        tools_.theme.palette(options_.contrast).at(static_cast<std::size_t>(colour));
    return IM_COL32((rgb >> 16U) & 255U, (rgb >> 8U) & 255U, rgb & 255U, 255U);
}

Rect Canvas::on_panel(const Rect& rect) const {
    if (!mirrored()) return rect;
    return {options_.width - rect.x - rect.w, rect.y, rect.w, rect.h};
}

ImVec2 Canvas::to_panel(Point point) const {
    return {mirrored() ? static_cast<float>(options_.width) - point.x : point.x, point.y};
}

void Canvas::solid(const Rect& rect, ImU32 colour) {
    if (rect.w <= 0 || rect.h <= 0) return;
    list_->PrimReserve(6, 4);
    list_->PrimRectUV({static_cast<float>(rect.x), static_cast<float>(rect.y)},
                      {static_cast<float>(rect.right()), static_cast<float>(rect.bottom())}, {0, 0},
                      {0, 0}, colour);
}

void Canvas::masked(const Place& place, int x, int y, ImU32 colour) {
    if (place.w == 0 || place.h == 0) return;
    constexpr float unit = 1.0F / Atlas::side_px;
    const auto f = [](int v) { return static_cast<float>(v); };
    list_->PrimReserve(6, 4);
    list_->PrimRectUV({f(x), f(y)}, {f(x + place.w), f(y + place.h)},
                      {f(place.x) * unit, f(place.y) * unit},
                      {f(place.x + place.w) * unit, f(place.y + place.h) * unit}, colour);
}

std::optional<Place> Canvas::keep(std::uint64_t key, const text::Mask& mask) {
    const std::optional<Place> place = tools_.atlas.add(key, mask);
    atlas_full_ = atlas_full_ || !place;
    return place;
}

void Canvas::corner(int x, int y, int radius_px, int width_px, unsigned quarter, ImU32 colour) {
    const std::uint64_t key = key_corner | static_cast<std::uint64_t>(radius_px) << 32U |
                              static_cast<std::uint64_t>(width_px) << 8U | quarter;
    std::optional<Place> place = tools_.atlas.find(key);
    if (!place) place = keep(key, corner_mask(radius_px, width_px, quarter));
    if (place) masked(*place, x, y, colour);
}

void Canvas::fill(const Rect& rect, Colour colour, int radius_px) {
    rounded(on_panel(rect), ink(colour), radius_px);
}

void Canvas::paper(const Rect& rect, int radius_px) {
    rounded(on_panel(rect), IM_COL32(255, 255, 255, 255), radius_px);
}

void Canvas::rounded(const Rect& p, ImU32 c, int radius_px) {
    const int r = std::min({radius_px, p.w / 2, p.h / 2});
    if (r <= 0) return solid(p, c);
    solid({p.x + r, p.y, p.w - 2 * r, r}, c);
    solid({p.x, p.y + r, p.w, p.h - 2 * r}, c);
    solid({p.x + r, p.bottom() - r, p.w - 2 * r, r}, c);
    corner(p.x, p.y, r, r, 0, c);
    corner(p.right() - r, p.y, r, r, 1, c);
    corner(p.x, p.bottom() - r, r, r, 2, c);
    corner(p.right() - r, p.bottom() - r, r, r, 3, c);
}

void Canvas::ring(const Rect& rect, Colour colour, int radius_px, int width_px) {
    const Rect p = on_panel(rect);
    const ImU32 c = ink(colour);
    const int r = std::min({radius_px, p.w / 2, p.h / 2});
    const int w = width_px;
    solid({p.x + r, p.y, p.w - 2 * r, w}, c);
    solid({p.x + r, p.bottom() - w, p.w - 2 * r, w}, c);
    solid({p.x, p.y + r, w, p.h - 2 * r}, c);
    solid({p.right() - w, p.y + r, w, p.h - 2 * r}, c);
    if (r <= 0) return;
    corner(p.x, p.y, r, w, 0, c);
    corner(p.right() - r, p.y, r, w, 1, c);
    corner(p.x, p.bottom() - r, r, w, 2, c);
    corner(p.right() - r, p.bottom() - r, r, w, 3, c);
}

void Canvas::dashes(const Rect& panel, const Surface& look) {
    const ImU32 c = ink(look.border);
    const int r = std::min({look.radius_px, panel.w / 2, panel.h / 2});
    const int w = look.border_px;
    corner(panel.x, panel.y, r, w, 0, c);
    corner(panel.right() - r, panel.y, r, w, 1, c);
    corner(panel.x, panel.bottom() - r, r, w, 2, c);
    corner(panel.right() - r, panel.bottom() - r, r, w, 3, c);
    // The gaps come first and last, so that the dashes never touch the corners.
    const auto along = [&](int length, auto&& draw) {
        const int period = dash_on_px + dash_off_px;
        const int count = std::max(0, (length - dash_off_px) / period);
        const int start = (length - count * period + dash_off_px) / 2;
        for (int i = 0; i < count; ++i) draw(start + i * period);
    };
    along(panel.w - 2 * r, [&](int at) {
        solid({panel.x + r + at, panel.y, dash_on_px, w}, c);
        solid({panel.x + r + at, panel.bottom() - w, dash_on_px, w}, c);
    });
    along(panel.h - 2 * r, [&](int at) {
        solid({panel.x, panel.y + r + at, w, dash_on_px}, c);
        solid({panel.right() - w, panel.y + r + at, w, dash_on_px}, c);
    });
}

void Canvas::surface(const Rect& rect, const Surface& look) {
    if (look.border_px == 0) return fill(rect, look.fill, look.radius_px);
    if (look.dashed) {
        fill(rect, look.fill, look.radius_px);
        return dashes(on_panel(rect), look);
    }
    fill(rect, look.border, look.radius_px);
    fill(rect.inset(look.border_px), look.fill, look.radius_px - look.border_px);
}

void Canvas::icon(std::string_view name, int x, int y, int size_px, Colour colour) {
    if (name.empty()) return;
    const std::optional<std::size_t> number = tools_.icons.find(name);
    CHECK(number.has_value());
    const bool turned = mirrored() && tools_.theme.is_mirrored(name);
    const std::uint64_t key =
        key_icon | *number << 32U | static_cast<std::uint64_t>(size_px) << 8U | (turned ? 1U : 0U);
    std::optional<Place> place = tools_.atlas.find(key);
    if (!place) {
        text::Mask mask = tools_.icons.mask(*number, size_px);
        if (turned) flip(mask);
        place = keep(key, mask);
    }
    const Rect p = on_panel({x, y, size_px, size_px});
    if (place) masked(*place, p.x, p.y, ink(colour));
}

void Canvas::glyph(const text::PlacedGlyph& glyph, float size_px, float line_x, int baseline,
                   ImU32 colour) {
    const float x = line_x + glyph.x;
    const float left = std::floor(x);
    const auto quarter = static_cast<unsigned>((x - left) * 4.0F);
    const auto face = static_cast<std::uint64_t>(glyph.face.script) * 2 +
                      static_cast<std::uint64_t>(glyph.face.weight);
    const auto size = static_cast<std::uint64_t>(std::lround(size_px * 4.0F));
    const std::uint64_t key =
        key_glyph | face << 52U | std::uint64_t{quarter} << 48U | size << 32U | glyph.glyph;
    std::optional<Place> place = tools_.atlas.find(key);
    if (!place) place = keep(key, tools_.engine.draw(glyph.face, glyph.glyph, size_px, quarter));
    if (!place) return;
    masked(*place, static_cast<int>(left) + place->left,
           baseline + static_cast<int>(std::floor(glyph.y + 0.5F)) - place->top, colour);
}

void Canvas::text(const text::Layout& layout, const Rect& rect, Align align, Colour colour) {
    const Rect p = on_panel(rect);
    const ImU32 c = ink(colour);
    int baseline = p.y + layout.first_baseline;
    const bool fits = layout.width <= static_cast<float>(p.w) + 1.0F && layout.height <= p.h;
    if (!fits || layout.broken > 0 || layout.missing > 0) overflows_.push_back(p);
    for (const text::Line& line : layout.lines) {
        const float free = static_cast<float>(p.w) - line.width;
        const bool at_right = (align == Align::end) != mirrored();
        const float offset = align == Align::center ? std::floor(free / 2) : at_right ? free : 0.0F;
        for (const text::PlacedGlyph& g : line.glyphs) {
            glyph(g, layout.style.size_px, static_cast<float>(p.x) + offset, baseline, c);
        }
        baseline += layout.style.line_px;
    }
}

void Canvas::stroke(const std::vector<Point>& points, Colour colour, float width_px) {
    for (const Point& point : points) list_->PathLineTo(to_panel(point));
    list_->PathStroke(ink(colour), ImDrawFlags_None, width_px);
    const float r = width_px / 2;
    for (const Point& point : {points.front(), points.back()}) {
        list_->AddCircleFilled(to_panel(point), r, ink(colour), 24);
    }
}

void Canvas::polygon(const std::vector<Point>& points, Colour colour) {
    std::vector<ImVec2> path;
    path.reserve(points.size());
    for (const Point& point : points) path.push_back(to_panel(point));
    // ImGui smooths the edge of clockwise outlines only.
    if (mirrored()) std::reverse(path.begin(), path.end());
    list_->AddConvexPolyFilled(path.data(), static_cast<int>(path.size()), ink(colour));
}

}  // namespace widgets
