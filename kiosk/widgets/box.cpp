// SPDX-License-Identifier: EUPL-1.2
// Implementation of box.hpp: measure() from the leaves up, place() from the page down. UI thread
// only.
#include "kiosk/widgets/box.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace widgets {
// Components in components, below 10 deep (box.hpp).
// NOLINTBEGIN(misc-no-recursion)
namespace {

int gaps(const Box& box, std::size_t count) {
    return count > 1 ? box.gap * static_cast<int>(count - 1) : 0;
}

bool shrinks(const Box& box) {
    return box.width == 0 && (box.kind == Box::Kind::text || box.kind == Box::Kind::column ||
                              box.kind == Box::Kind::row);
}

/// Widths of a row's children: fixed and natural ones first, then the rest is shared by those that
/// grow.
std::vector<int> row_widths(const Kit& kit, const Box& box, int inner) {
    std::vector<int> widths;
    int used = gaps(box, box.children.size());
    int shares = 0;
    for (const Box& child : box.children) {
        const int w = child.width > 0  ? child.width
                      : child.grow > 0 ? 0
                                       : measure(kit, child, inner).w;
        widths.push_back(w);
        used += w;
        shares += child.grow;
    }
    // Too wide: the widest text gives way first, down to the next widest.
    for (int over = used - inner; over > 0;) {
        std::size_t widest = widths.size();
        for (std::size_t i = 0; i < widths.size(); ++i) {
            const bool may = shrinks(box.children[i]) && box.children[i].grow == 0;
            if (may && (widest == widths.size() || widths[i] > widths[widest])) widest = i;
        }
        if (widest == widths.size() || widths[widest] <= 1) break;
        const int cut = std::min(over, std::max(1, widths[widest] / 8));
        widths[widest] -= cut;
        over -= cut;
        used -= cut;
    }
    int free = std::max(0, inner - used);
    for (std::size_t i = 0; i < widths.size(); ++i) {
        const int grow = box.children[i].grow;
        if (grow == 0 || box.children[i].width > 0) continue;
        widths[i] = free * grow / shares;
        free -= widths[i];
        shares -= grow;
    }
    return widths;
}

struct GridRow {
    std::vector<std::size_t> cells;
    std::vector<Rect> rects;  ///< x and w only
    int height = 0;
};

std::vector<GridRow> grid_rows(const Kit& kit, const Box& box, int inner) {
    std::vector<GridRow> rows;
    const int cell = (inner - box.gap * (box.columns - 1)) / box.columns;
    int at = box.columns;
    for (std::size_t i = 0; i < box.children.size(); ++i) {
        const int span = std::min(box.children[i].span, box.columns);
        if (at + span > box.columns) {
            rows.emplace_back();
            at = 0;
        }
        const int w = cell * span + box.gap * (span - 1);
        rows.back().cells.push_back(i);
        rows.back().rects.push_back({at * (cell + box.gap), 0, w, 0});
        rows.back().height = std::max(rows.back().height, measure(kit, box.children[i], w).h);
        at += span;
    }
    if (box.even) {
        int most = 0;
        for (const GridRow& r : rows) most = std::max(most, r.height);
        for (GridRow& r : rows) r.height = most;
    }
    return rows;
}

Size inner_size(const Kit& kit, const Box& box, int inner) {
    Size size;
    switch (box.kind) {
        case Box::Kind::column:
            size.h = gaps(box, box.children.size());
            for (const Box& child : box.children) {
                const Size s = measure(kit, child, inner);
                size = {std::max(size.w, s.w), size.h + s.h};
            }
            break;
        case Box::Kind::row: {
            const std::vector<int> widths = row_widths(kit, box, inner);
            size.w = std::accumulate(widths.begin(), widths.end(), gaps(box, widths.size()));
            for (std::size_t i = 0; i < widths.size(); ++i) {
                size.h = std::max(size.h, measure(kit, box.children[i], widths[i]).h);
            }
            break;
        }
        case Box::Kind::grid: {
            const std::vector<GridRow> rows = grid_rows(kit, box, inner);
            for (const GridRow& r : rows) size.h += r.height;
            if (!rows.empty()) size.h += box.row_gap * static_cast<int>(rows.size() - 1);
            size.w = inner;
            break;
        }
        case Box::Kind::text: {
            const text::Layout& layout = kit.layout(box.words, box.style, inner, box.language);
            size = {static_cast<int>(std::ceil(layout.width)), layout.height};
            break;
        }
        case Box::Kind::icon:
            size = {box.size, box.size};
            break;
        case Box::Kind::picture:
            size = {inner, box.min_height};
            break;
        case Box::Kind::space:
            break;
    }
    return size;
}

/// Shares `height` among a column's children: natural heights, and what is left to those that grow,
/// evenly like CSS flex: 1.
std::vector<int> column_heights(const Kit& kit, const Box& box, const Rect& inner) {
    std::vector<int> heights;
    std::vector<std::size_t> open;
    int left = inner.h - gaps(box, box.children.size());
    for (std::size_t i = 0; i < box.children.size(); ++i) {
        heights.push_back(measure(kit, box.children[i], inner.w).h);
        if (box.children[i].grow > 0) {
            open.push_back(i);
        } else {
            left -= heights[i];
        }
    }
    // Like CSS: whose content needs more than an even share keeps its content's height and leaves
    // the round. Only when nobody needs more do those leave that have reached their largest height.
    const auto leave = [&](auto&& goes, auto&& height) {
        const int share = left / static_cast<int>(open.size());
        const auto it =
            std::find_if(open.begin(), open.end(), [&](std::size_t i) { return goes(i, share); });
        if (it == open.end()) return false;
        heights[*it] = height(*it);
        left -= heights[*it];
        open.erase(it);
        return true;
    };
    const auto needs_more = [&](std::size_t i, int share) { return heights[i] > share; };
    const auto is_full = [&](std::size_t i, int share) {
        const int most = box.children[i].max_height;
        return most > 0 && share > most;
    };
    while (!open.empty()) {
        if (leave(needs_more, [&](std::size_t i) { return heights[i]; })) continue;
        if (leave(is_full, [&](std::size_t i) {
                return std::max(heights[i], box.children[i].max_height);
            })) {
            continue;
        }
        break;
    }
    for (std::size_t i = 0; i < open.size(); ++i) {
        const int share = left / static_cast<int>(open.size() - i);
        heights[open[i]] = share;
        left -= share;
    }
    return heights;
}

void place_column(const Kit& kit, const Box& box, const Rect& in, Canvas& canvas,
                  a11y::Registry& registry) {
    const std::vector<int> heights = column_heights(kit, box, in);
    const int count = static_cast<int>(heights.size());
    const int used = std::accumulate(heights.begin(), heights.end(), gaps(box, heights.size()));
    const int free = std::max(0, in.h - used);
    const int extra = box.spread && count > 1 ? free / (count - 1) : 0;
    int y = in.y;
    if (extra == 0) y += box.main == Align::center ? free / 2 : box.main == Align::end ? free : 0;
    for (std::size_t i = 0; i < heights.size(); ++i) {
        const Box& child = box.children[i];
        Rect r{in.x, y, in.w, heights[i]};
        if (box.cross != Box::Cross::stretch && child.grow == 0) {
            r.w = std::min(in.w, child.width > 0 ? child.width : measure(kit, child, in.w).w);
            if (box.cross == Box::Cross::center) r.x += (in.w - r.w) / 2;
            if (box.cross == Box::Cross::end) r.x += in.w - r.w;
        }
        place(kit, child, r, canvas, registry);
        y += heights[i] + box.gap + extra;
    }
}

void place_row(const Kit& kit, const Box& box, const Rect& in, Canvas& canvas,
               a11y::Registry& registry) {
    const std::vector<int> widths = row_widths(kit, box, in.w);
    const int used = std::accumulate(widths.begin(), widths.end(), gaps(box, widths.size()));
    int x = in.x;
    const int free = std::max(0, in.w - used);
    x += box.main == Align::center ? free / 2 : box.main == Align::end ? free : 0;
    for (std::size_t i = 0; i < widths.size(); ++i) {
        const Box& child = box.children[i];
        Rect r{x, in.y, widths[i], in.h};
        if (box.cross != Box::Cross::stretch) {
            r.h = std::min(in.h, measure(kit, child, widths[i]).h);
            if (box.cross == Box::Cross::center) r.y += (in.h - r.h) / 2;
            if (box.cross == Box::Cross::end) r.y += in.h - r.h;
        }
        if (box.left_to_right && canvas.mirrored()) r.x = in.x + in.right() - r.right();
        place(kit, child, r, canvas, registry);
        x += widths[i] + box.gap;
    }
}

void place_grid(const Kit& kit, const Box& box, const Rect& in, Canvas& canvas,
                a11y::Registry& registry) {
    std::vector<GridRow> rows = grid_rows(kit, box, in.w);
    if (rows.empty()) return;
    int free = in.h - box.row_gap * static_cast<int>(rows.size() - 1);
    for (const GridRow& r : rows) free -= r.height;
    int y = in.y;
    if (box.even && free > 0) {
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const int share = free / static_cast<int>(rows.size() - i);
            rows[i].height += share;
            free -= share;
        }
    } else if (box.main == Align::center && free > 0) {
        y += free / 2;
    }
    for (const GridRow& r : rows) {
        for (std::size_t c = 0; c < r.cells.size(); ++c) {
            Rect cell{in.x + r.rects[c].x, y, r.rects[c].w, r.height};
            if (box.left_to_right && canvas.mirrored()) cell.x = in.x + in.right() - cell.right();
            place(kit, box.children[r.cells[c]], cell, canvas, registry);
        }
        y += r.height + box.row_gap;
    }
}

void enter(const Box& box, const Rect& rect, Canvas& canvas, a11y::Registry& registry) {
    if (!box.node) return;
    a11y::Node node = *box.node;
    const Rect p = canvas.on_panel(rect);
    node.x = p.x;
    node.y = p.y;
    node.w = p.w;
    node.h = p.h;
    if (box.look) node.radius = box.look->radius_px;
    registry.add(std::move(node));
}

}  // namespace

Size measure(const Kit& kit, const Box& box, int width) {
    const int outer = box.width > 0 ? box.width : width;
    const int across = box.pad.start + box.pad.end;
    Size size = inner_size(kit, box, std::max(0, outer - across));
    size.w = box.width > 0 ? box.width : size.w + across;
    size.h = std::max(size.h + box.pad.top + box.pad.bottom, box.min_height);
    return size;
}

void place(const Kit& kit, const Box& box, const Rect& rect, Canvas& canvas,
           a11y::Registry& registry) {
    if (box.look) canvas.surface(rect, *box.look);
    enter(box, rect, canvas, registry);
    const Rect in{rect.x + box.pad.start, rect.y + box.pad.top,
                  rect.w - box.pad.start - box.pad.end, rect.h - box.pad.top - box.pad.bottom};
    switch (box.kind) {
        case Box::Kind::column:
            place_column(kit, box, in, canvas, registry);
            break;
        case Box::Kind::row:
            place_row(kit, box, in, canvas, registry);
            break;
        case Box::Kind::grid:
            place_grid(kit, box, in, canvas, registry);
            break;
        case Box::Kind::text: {
            const text::Layout& layout = kit.layout(box.words, box.style, in.w, box.language);
            Rect r = in;
            r.y += std::max(0, (in.h - layout.height) / 2);
            canvas.text(layout, r, box.align, box.colour);
            break;
        }
        case Box::Kind::icon:
            canvas.icon(box.icon, in.x + (in.w - box.size) / 2, in.y + (in.h - box.size) / 2,
                        box.size, box.colour);
            break;
        case Box::Kind::picture:
            if (box.paint) box.paint(canvas, in);
            break;
        case Box::Kind::space:
            break;
    }
}

Box column(int gap, std::vector<Box> children) {
    Box box;
    box.kind = Box::Kind::column;
    box.gap = gap;
    box.children = std::move(children);
    return box;
}

Box row(int gap, std::vector<Box> children) {
    Box box;
    box.kind = Box::Kind::row;
    box.gap = gap;
    box.cross = Box::Cross::center;
    box.children = std::move(children);
    return box;
}

Box space(int grow) {
    Box box;
    box.grow = grow;
    return box;
}

Box icon(std::string name, int size_px, Colour colour) {
    Box box;
    box.kind = Box::Kind::icon;
    box.icon = std::move(name);
    box.size = size_px;
    box.colour = colour;
    return box;
}

Box silent(const Kit& kit, const view::Text& text, const text::Style& style, Colour colour) {
    Box box;
    box.kind = Box::Kind::text;
    box.words = kit.words(text);
    box.language = text.language;
    box.style = style;
    box.colour = colour;
    return box;
}

Box text(const Kit& kit, const view::Text& text, const text::Style& style, Colour colour) {
    Box box = silent(kit, text, style, colour);
    a11y::Node node;
    node.label = text::plain(box.words);
    node.language = text.language.empty() ? kit.display().language : text.language;
    node.personal = text.privacy == view::Text::Privacy::personal;
    box.node = std::move(node);
    return box;
}

Box grown(Box box) {
    box.grow = 1;
    return box;
}

// NOLINTEND(misc-no-recursion)
}  // namespace widgets
