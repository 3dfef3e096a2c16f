// SPDX-License-Identifier: EUPL-1.2
// Implementation of rasteriser.hpp: two paths, quads (nearly everything) and triangles (arrows,
// curves). Pure.
#include "kiosk/widgets/rasteriser.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace widgets {
namespace {

struct Ink {
    std::uint32_t r, g, b, a;
    [[nodiscard]] std::uint32_t opaque() const { return 0xFF000000U | r << 16U | g << 8U | b; }
};

Ink ink_of(ImU32 colour) {
    return {colour & 255U, (colour >> 8U) & 255U, (colour >> 16U) & 255U, colour >> 24U};
}

/// x / 255, rounded, for x below 65,536.
std::uint32_t by_255(std::uint32_t x) {
    return (x + 128 + ((x + 128) >> 8U)) >> 8U;
}

std::uint32_t blend(std::uint32_t under, const Ink& ink, std::uint32_t alpha) {
    const std::uint32_t rest = 255 - alpha;
    const auto mix = [&](unsigned shift, std::uint32_t over) {
        return by_255(((under >> shift) & 255U) * rest + over * alpha) << shift;
    };
    return 0xFF000000U | mix(16, ink.r) | mix(8, ink.g) | mix(0, ink.b);
}

struct Clip {
    int x0, y0, x1, y1;
};

int whole(float v) {
    return static_cast<int>(std::floor(v + 0.5F));
}

/// Two triangles 0-1-2, 0-2-3 that form an upright rectangle of one colour.
bool is_quad(const std::array<const ImDrawVert*, 4>& v) {
    const bool upright = v[0]->pos.y == v[1]->pos.y && v[1]->pos.x == v[2]->pos.x &&
                         v[2]->pos.y == v[3]->pos.y && v[3]->pos.x == v[0]->pos.x;
    const bool one_colour =
        v[0]->col == v[1]->col && v[0]->col == v[2]->col && v[0]->col == v[3]->col;
    return upright && one_colour && v[0]->pos.x <= v[2]->pos.x && v[0]->pos.y <= v[2]->pos.y;
}

void fill_quad(const ImDrawVert& a, const ImDrawVert& c, const Clip& clip, Frame& frame) {
    const Ink ink = ink_of(a.col);
    const int x0 = std::max(whole(a.pos.x), clip.x0);
    const int x1 = std::min(whole(c.pos.x), clip.x1);
    const int y1 = std::min(whole(c.pos.y), clip.y1);
    if (x0 >= x1) return;
    for (int y = std::max(whole(a.pos.y), clip.y0); y < y1; ++y) {
        std::uint32_t* row = frame.row(y);
        if (ink.a == 255) {
            std::fill(row + x0, row + x1, ink.opaque());
        } else {
            for (int x = x0; x < x1; ++x) row[x] = blend(row[x], ink, ink.a);
        }
    }
}

void mask_quad(const ImDrawVert& a, const ImDrawVert& c, const Clip& clip, const Atlas& atlas,
               Frame& frame) {
    const Ink ink = ink_of(a.col);
    const int left = whole(a.pos.x);
    const int top = whole(a.pos.y);
    const int u0 = whole(a.uv.x * static_cast<float>(Atlas::side_px));
    const int v0 = whole(a.uv.y * static_cast<float>(Atlas::side_px));
    const int x1 = std::min(whole(c.pos.x), clip.x1);
    const int y1 = std::min(whole(c.pos.y), clip.y1);
    for (int y = std::max(top, clip.y0); y < y1; ++y) {
        std::uint32_t* row = frame.row(y);
        const std::uint8_t* mask = atlas.row(v0 + y - top) + u0;
        for (int x = std::max(left, clip.x0); x < x1; ++x) {
            const std::uint32_t cover = mask[x - left];
            if (cover == 0) continue;
            const std::uint32_t alpha = by_255(cover * ink.a);
            row[x] = alpha == 255 ? ink.opaque() : blend(row[x], ink, alpha);
        }
    }
}

/// Vertices in 1/16 pixel, ordered so that the area is positive.
struct Triangle {
    std::array<std::int64_t, 3> x{}, y{};
    std::array<std::uint32_t, 3> alpha{};
    std::int64_t area = 0;
};

Triangle triangle_of(std::array<const ImDrawVert*, 3> v) {
    Triangle t;
    const auto load = [&] {
        for (std::size_t i = 0; i < 3; ++i) {
            t.x.at(i) = std::lround(v.at(i)->pos.x * 16.0F);
            t.y.at(i) = std::lround(v.at(i)->pos.y * 16.0F);
            t.alpha.at(i) = v.at(i)->col >> 24U;
        }
        t.area = (t.x[1] - t.x[0]) * (t.y[2] - t.y[0]) - (t.x[2] - t.x[0]) * (t.y[1] - t.y[0]);
    };
    load();
    if (t.area < 0) {
        std::swap(v[1], v[2]);
        load();
    }
    return t;
}

/// Edge function of p -> q at (x, y), with the top-left rule so that shared edges are drawn once.
std::int64_t edge(const Triangle& t, std::size_t p, std::size_t q, std::int64_t x, std::int64_t y) {
    const std::int64_t dx = t.x.at(q) - t.x.at(p);
    const std::int64_t dy = t.y.at(q) - t.y.at(p);
    const std::int64_t bias = dy < 0 || (dy == 0 && dx > 0) ? 0 : -1;
    return dx * (y - t.y.at(p)) - dy * (x - t.x.at(p)) + bias;
}

void fill_triangle(const std::array<const ImDrawVert*, 3>& v, const Clip& clip, Frame& frame) {
    const Triangle t = triangle_of(v);
    if (t.area == 0) return;
    const Ink ink = ink_of(v[0]->col);
    const auto low = [](const std::array<std::int64_t, 3>& a) {
        return static_cast<int>(std::min({a[0], a[1], a[2]}) >> 4);
    };
    const auto high = [](const std::array<std::int64_t, 3>& a) {
        return static_cast<int>(std::max({a[0], a[1], a[2]}) >> 4);
    };
    const int x1 = std::min(clip.x1 - 1, high(t.x));
    const int y1 = std::min(clip.y1 - 1, high(t.y));
    for (int y = std::max(clip.y0, low(t.y)); y <= y1; ++y) {
        std::uint32_t* row = frame.row(y);
        const std::int64_t cy = std::int64_t{y} * 16 + 8;
        for (int x = std::max(clip.x0, low(t.x)); x <= x1; ++x) {
            const std::int64_t cx = std::int64_t{x} * 16 + 8;
            const std::int64_t w0 = edge(t, 1, 2, cx, cy);
            const std::int64_t w1 = edge(t, 2, 0, cx, cy);
            const std::int64_t w2 = edge(t, 0, 1, cx, cy);
            if (w0 < 0 || w1 < 0 || w2 < 0) continue;
            const std::int64_t sum = w0 * t.alpha[0] + w1 * t.alpha[1] + w2 * t.alpha[2];
            const auto alpha = static_cast<std::uint32_t>(
                std::clamp<std::int64_t>((sum + t.area / 2) / t.area, 0, 255));
            if (alpha != 0) row[x] = alpha == 255 ? ink.opaque() : blend(row[x], ink, alpha);
        }
    }
}

void run_command(const ImDrawList& list, const ImDrawCmd& command, const Atlas& atlas,
                 Frame& frame) {
    const Clip clip{std::max(0, static_cast<int>(command.ClipRect.x)),
                    std::max(0, static_cast<int>(command.ClipRect.y)),
                    std::min(frame.width, static_cast<int>(command.ClipRect.z)),
                    std::min(frame.height, static_cast<int>(command.ClipRect.w))};
    const ImDrawIdx* index = list.IdxBuffer.Data + command.IdxOffset;
    const ImDrawVert* vertex = list.VtxBuffer.Data + command.VtxOffset;
    for (unsigned i = 0; i + 2 < command.ElemCount;) {
        const std::array<const ImDrawVert*, 3> t{vertex + index[i], vertex + index[i + 1],
                                                 vertex + index[i + 2]};
        const bool pair =
            i + 5 < command.ElemCount && index[i + 3] == index[i] && index[i + 4] == index[i + 2];
        if (pair && is_quad({t[0], t[1], t[2], vertex + index[i + 5]})) {
            const bool solid = t[0]->uv.x == t[2]->uv.x && t[0]->uv.y == t[2]->uv.y;
            if (solid) {
                fill_quad(*t[0], *t[2], clip, frame);
            } else {
                mask_quad(*t[0], *t[2], clip, atlas, frame);
            }
            i += 6;
        } else {
            fill_triangle(t, clip, frame);
            i += 3;
        }
    }
}

}  // namespace

void rasterise(const ImDrawList& list, const Atlas& atlas, Frame& frame) {
    for (const ImDrawCmd& command : list.CmdBuffer) run_command(list, command, atlas, frame);
}

}  // namespace widgets
