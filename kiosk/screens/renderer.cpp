// SPDX-License-Identifier: EUPL-1.2
// Implementation of renderer.hpp: zones, then content, pair, actions and tools in reading order,
// the focus ring last. UI thread only.
#include "kiosk/screens/renderer.hpp"

#include <algorithm>
#include <utility>

#include "kiosk/screens/dialog.hpp"
#include "kiosk/screens/pages.hpp"
#include "kiosk/widgets/rasteriser.hpp"

namespace screens {
namespace {

using widgets::Canvas;
using widgets::Colour;

constexpr std::string_view tool_prefix = "tool.";

void draw_header(const Kit& kit, const view::Screen& screen, const Zones& z, Canvas& canvas,
                 a11y::Registry& tree) {
    const int line = kit.px(2);
    canvas.fill(z.header, Colour::surface);
    widgets::place(kit, header(kit, screen, z.header.w), z.header, canvas, tree);
    canvas.fill({z.header.x, z.header.bottom() - line, z.header.w, line}, Colour::divider);
}

void draw_tools(const Kit& kit, const Zones& z, Canvas& canvas, a11y::Registry& tree) {
    const int line = kit.px(2);
    canvas.fill(z.tools, Colour::surface);
    widgets::place(kit, tools(kit), z.tools, canvas, tree);
    if (kit.landscape()) {
        canvas.fill({z.tools.x, z.tools.y, line, z.tools.h}, Colour::divider);
        canvas.fill({z.tools.x, z.tools.bottom() - z.tools.h / 6, z.tools.w, line},
                    Colour::divider);
        return;
    }
    canvas.fill({z.tools.x, z.tools.y, z.tools.w, line}, Colour::divider);
    if (kit.big()) return;
    // The line before "leave": that one ends the session.
    const int cell = (z.tools.w - 2 * kit.px(24)) / 6;
    canvas.fill({z.tools.right() - kit.px(24) - cell, z.tools.y, line, z.tools.h}, Colour::divider);
}

/// The ring around a control; the tools touch each other, so theirs lies inside.
void draw_focus(const Kit& kit, const std::string& id, const a11y::Registry& tree, Canvas& canvas) {
    const a11y::Node* node = id.empty() ? nullptr : tree.find(id);
    if (node == nullptr || !node->focusable) return;
    const int width = kit.px(8);
    const int out = kit.px(6) + width;
    widgets::Rect rect = canvas.on_panel({node->x, node->y, node->w, node->h});
    if (id.starts_with(tool_prefix)) {
        canvas.ring(rect.inset(kit.px(4)), Colour::focus, kit.px(12), width);
        return;
    }
    canvas.ring(rect.inset(-out), Colour::focus, node->radius + out, width);
}

PageNumber draw_page(const Kit& kit, const view::Screen& screen, unsigned wanted, Canvas& canvas,
                     Drawn& out) {
    Pages pages = paginate(kit, screen);
    const PageNumber number{std::min(wanted, static_cast<unsigned>(pages.pages.size() - 1)),
                            static_cast<unsigned>(pages.pages.size())};
    const Page& page = pages.pages[number.page];
    ZoneRequest request = pages.zones;
    request.pair = page.pair;
    const Zones z = zones_of(kit, request);
    out.content = canvas.on_panel(z.content);
    draw_header(kit, screen, z, canvas, out.tree);
    widgets::place(kit, page.content, z.content, canvas, out.tree);
    if (page.pair) widgets::place(kit, widgets::pair(kit, *screen.pair), z.pair, canvas, out.tree);
    if (request.actions) {
        const Box line = action_row(kit, screen, number, pages.others_in_row);
        widgets::place(kit, line, z.actions, canvas, out.tree);
    }
    if (screen.tools) draw_tools(kit, z, canvas, out.tree);
    return number;
}

void draw_dialog(const Kit& kit, const view::Screen& screen, Canvas& canvas, Drawn& out) {
    ZoneRequest request;
    request.tools = screen.tools;
    Zones z = zones_of(kit, request);
    canvas.fill(z.page, Colour::sunken);
    z.content.h = z.page.bottom() - kit.px(kit.landscape() ? 16 : 48) - z.content.y;
    out.content = canvas.on_panel(z.content);
    draw_header(kit, screen, z, canvas, out.tree);
    widgets::place(kit, dialog(kit, screen, z.content.w, z.content.h), z.content, canvas, out.tree);
    if (screen.tools) draw_tools(kit, z, canvas, out.tree);
}

}  // namespace

base::Result<Renderer> Renderer::open(const std::string& font_directory, widgets::Resolve resolve) {
    TRY(engine, text::Engine::open(font_directory));
    TRY(icons, widgets::Icons::parse(widgets::embedded_icons()));
    TRY(theme, widgets::Theme::parse(widgets::embedded_tokens()));
    return Renderer(std::move(engine), std::move(icons), std::move(theme), std::move(resolve));
}

Drawn Renderer::draw(const view::Screen& screen, const widgets::Panel& panel, const Moment& moment,
                     widgets::Frame& frame) {
    if (frame.width != panel.width || frame.height != panel.height) {
        frame = widgets::Frame(panel.width, panel.height);
    }
    engine_.trim();
    const widgets::Tools tools{engine_, icons_, atlas_, theme_};
    Drawn out;
    // A second round only if the atlas ran full half-way: then it is emptied once and holds this
    // screen alone.
    for (int round = 0; round < 2; ++round) {
        const Kit kit(tools, resolve_, screen.display, panel, moment.pressed, moment.phase);
        const widgets::Mirror mirror =
            kit.right_to_left() ? widgets::Mirror::on : widgets::Mirror::off;
        Canvas canvas(tools, {panel.width, panel.height, mirror, screen.display.contrast});
        out = Drawn{};
        canvas.fill({0, 0, panel.width, panel.height}, Colour::page);
        if (screen.dialog) {
            draw_dialog(kit, screen, canvas, out);
        } else {
            const PageNumber number = draw_page(kit, screen, moment.page, canvas, out);
            out.page = number.page;
            out.pages = number.pages;
        }
        draw_focus(kit, moment.focus, out.tree, canvas);
        out.text_overflows = canvas.overflows();
        if (canvas.atlas_full() && round == 0) {
            atlas_.flush();
            continue;
        }
        widgets::rasterise(canvas.list(), atlas_, frame);
        break;
    }
    return out;
}

void Renderer::flush() {
    engine_.flush();
    atlas_.flush();
}

}  // namespace screens
