// SPDX-License-Identifier: EUPL-1.2
// Implementation of chrome.hpp. UI thread only.
#include "kiosk/screens/chrome.hpp"

#include <array>
#include <utility>

namespace screens {
namespace {

using widgets::Align;
using widgets::Colour;
using widgets::Surface;
using widgets::Weightiness;

view::Text literal(std::string words) {
    view::Text text;
    text.literal = std::move(words);
    return text;
}

view::Text id(const char* name) {
    view::Text text;
    text.id = name;
    return text;
}

view::Text page_words(PageNumber number) {
    view::Text text = id("pager.page");
    text.args = {{"page", std::to_string(number.page + 1), view::Arg::Kind::number},
                 {"pages", std::to_string(number.pages), view::Arg::Kind::number}};
    return text;
}

/// Permanent mark of texts that nobody has approved. Never grows with the text: it belongs to us,
/// not to the reader.
Box draft_mark(const Kit& kit) {
    Box words = widgets::text(kit, id("draft.mark"), kit.chrome(text::Weight::bold), Colour::ink);
    words.style.size_px = static_cast<float>(kit.px(28));
    words.style.line_px = kit.px(40);
    Box box = widgets::row(0, {std::move(words)});
    box.pad = {kit.px(4), kit.px(14), kit.px(4), kit.px(14)};
    box.look = Surface{Colour::surface, Colour::border, kit.px(2), kit.px(8), true};
    return box;
}

Box tool(const Kit& kit, const char* name, const char* text_id, bool on) {
    const std::string words = kit.words(text_id);
    Box label;
    label.kind = Box::Kind::text;
    label.words = words;
    label.language = kit.display().language;
    label.style = kit.chrome(text::Weight::regular);
    if (!kit.big()) label.style.line_px = kit.px(48);
    if (kit.big() && kit.landscape()) {
        // The rail of a wide panel is narrow: its words stop growing at 130 %.
        label.style.size_px = static_cast<float>(kit.px(44));
        label.style.line_px = kit.px(56);
    }
    Box picture = widgets::icon(name, kit.either(48, 60), Colour::ink);
    const bool beside = kit.big();
    Box box = beside
                  ? widgets::row(kit.px(16), {std::move(picture), widgets::grown(std::move(label))})
                  : widgets::column(kit.px(4), {std::move(picture), std::move(label)});
    box.main = beside ? Align::start : Align::center;
    if (!beside) box.children[1].align = Align::center;
    if (beside) box.pad.start = kit.px(16);
    box.node = widgets::target(kit, text_id, a11y::Role::button, words);
    const bool pressed = kit.is_pressed(text_id);
    box.look = Surface{pressed || on ? Colour::accent_tint : Colour::surface, Colour::divider, 0, 0,
                       false};
    box.node->chosen = on;
    return box;
}

Box steps_bar(const Kit& kit, const view::Steps& steps) {
    Box bar = widgets::row(kit.px(8), {});
    for (std::uint8_t i = 0; i < steps.total; ++i) {
        const bool reached = i < steps.current;
        Box segment = widgets::space();
        segment.min_height = kit.px(12);
        segment.look =
            Surface{reached ? Colour::accent : Colour::surface,
                    reached ? Colour::accent : Colour::border, kit.px(2), kit.px(6), false};
        bar.children.push_back(std::move(segment));
    }
    return bar;
}

Box step_label(const Kit& kit, const view::Steps& steps) {
    Box words = widgets::text(kit, steps.label, kit.body(), Colour::ink);
    words.node->role = a11y::Role::progress;
    words.node->value = std::to_string(steps.current) + "/" + std::to_string(steps.total);
    return words;
}

view::Button pager_button(const char* name, const char* icon, bool enabled) {
    view::Button button;
    button.id = name;
    button.icon = icon;
    if (!enabled) button.disabled_because = id(name);
    return button;
}

Box arrow(const Kit& kit, const char* name, const char* icon, bool enabled) {
    Box box = widgets::button(kit, pager_button(name, icon, enabled), Weightiness::side);
    box.node->label = text::plain(kit.words(name));
    return box;
}

/// At big text: up or back, the page, and a filled "Weiter".
Box big_pager(const Kit& kit, const view::Screen& screen, PageNumber number) {
    Box line = widgets::row(kit.px(16), {});
    if (number.page == 0 && screen.back) {
        view::Button back = *screen.back;
        const std::string words = kit.words(back.label);
        back.label = {};
        line.children.push_back(widgets::button(kit, back, Weightiness::side));
        line.children.back().node->label = text::plain(words);
    } else {
        line.children.push_back(arrow(kit, pager_prev_id, "up", number.page > 0));
    }
    Box words = widgets::grown(widgets::text(kit, page_words(number), kit.body(), Colour::ink));
    words.align = Align::center;
    line.children.push_back(std::move(words));
    if (number.page + 1 < number.pages) {
        view::Button more = pager_button(pager_next_id, "", true);
        more.label = id("pager.more");
        widgets::ButtonLook look{Weightiness::main, kit.label(), kit.px(128), kit.px(56), "down"};
        line.children.push_back(widgets::button(kit, more, look));
    } else {
        line.children.push_back(arrow(kit, pager_next_id, "down", false));
    }
    return line;
}

}  // namespace

Box header(const Kit& kit, const view::Screen& screen, int width) {
    const text::Style bold = kit.chrome(text::Weight::bold);
    Box line = widgets::row(kit.px(16), {});
    line.children.push_back(widgets::icon("freigabe", kit.either(56, 72), Colour::accent));
    Box name = widgets::text(kit, literal("Freigabe"), bold, Colour::ink);
    line.children.push_back(std::move(name));
    const bool flat = kit.landscape() && !kit.big();
    const bool step_here = flat && screen.steps.has_value();
    Box place = step_here ? step_label(kit, *screen.steps)
                          : widgets::text(kit, screen.place, kit.chrome(text::Weight::regular),
                                          Colour::ink_soft);
    if (step_here) place.colour = Colour::ink_soft;
    Box rest = widgets::row(kit.px(16), {});
    if (screen.draft) rest.children.push_back(draft_mark(kit));
    if (!screen.link.word.empty()) rest.children.push_back(widgets::pill(kit, screen.link));
    const int margin = kit.px(kit.landscape() ? 32 : kit.big() ? 40 : 48);
    line.pad = {0, margin, kit.px(2), margin};
    // The place is the first to go when the words of a language are long.
    const int taken =
        widgets::measure(kit, line, width).w + widgets::measure(kit, rest, width).w + kit.px(64);
    const int wanted = widgets::measure(kit, place, width).w;
    if (!kit.big() && taken + wanted <= width) line.children.push_back(std::move(place));
    line.children.push_back(widgets::space());
    line.children.push_back(std::move(rest));
    return line;
}

Box tools(const Kit& kit) {
    constexpr std::array<std::array<const char*, 2>, 6> all{{{"language", "tool.language"},
                                                             {"text-size", "tool.bigger"},
                                                             {"contrast", "tool.contrast"},
                                                             {"speech", "tool.speech"},
                                                             {"help", "tool.help"},
                                                             {"leave", "tool.leave"}}};
    Box grid;
    grid.kind = Box::Kind::grid;
    grid.columns = kit.landscape() ? 1 : kit.big() ? 3 : 6;
    grid.even = true;
    for (const auto& [name, text_id] : all) {
        const bool on = kit.display().speech && std::string_view(name) == "speech";
        grid.children.push_back(tool(kit, on ? "speech-stop" : name, text_id, on));
    }
    if (!kit.landscape()) grid.pad = {kit.px(2), kit.px(24), 0, kit.px(24)};
    return grid;
}

Box title_block(const Kit& kit, const view::Screen& screen, bool first_page, int width) {
    Box title = widgets::text(kit, screen.title, kit.title(), Colour::ink);
    title.node->role = a11y::Role::heading;
    Box words = widgets::column(kit.px(kit.right_to_left() ? 12 : 4), {});
    if (kit.big()) words.gap = kit.px(16);
    const bool lead = first_page && !screen.lead.empty();
    const bool flat = kit.landscape() && !kit.big();
    if (flat && lead) {
        Box line = widgets::row(
            kit.px(32), {title, widgets::text(kit, screen.lead, kit.body(), Colour::ink_soft)});
        const int together = widgets::measure(kit, title, width).w + kit.px(32) +
                             widgets::measure(kit, line.children[1], 10'000).w;
        if (together <= width) return line;
    }
    words.children.push_back(std::move(title));
    if (lead) {
        const Colour colour = kit.big() ? Colour::ink : Colour::ink_soft;
        words.children.push_back(widgets::text(kit, screen.lead, kit.body(), colour));
    }
    if (!screen.steps || flat) return words;
    if (kit.big()) {
        if (!first_page) return words;
        return widgets::column(0, {step_label(kit, *screen.steps), std::move(words)});
    }
    Box steps = widgets::column(kit.px(12),
                                {steps_bar(kit, *screen.steps), step_label(kit, *screen.steps)});
    return widgets::column(kit.px(16), {std::move(steps), std::move(words)});
}

Box action_row(const Kit& kit, const view::Screen& screen, PageNumber number, bool with_others) {
    const bool paged = number.pages > 1;
    if (paged && kit.big()) return big_pager(kit, screen, number);
    Box line = widgets::row(kit.px(24), {});
    const bool turns = paged && kit.landscape() && number.page > 0;
    if (turns) {
        view::Button back = pager_button(pager_prev_id, "back", true);
        back.label = screen.back ? screen.back->label : id(pager_prev_id);
        line.children.push_back(widgets::button(kit, back, Weightiness::side));
    } else if (screen.back) {
        line.children.push_back(widgets::button(kit, *screen.back, Weightiness::side));
    } else if (!paged && with_others && screen.other && !screen.main) {
        line.children.push_back(widgets::button(kit, *screen.other, Weightiness::side));
        return line;
    }
    line.children.push_back(widgets::space());
    if (paged && kit.landscape()) {
        line.children.push_back(widgets::text(kit, page_words(number), kit.body(), Colour::ink));
        const bool more = number.page + 1 < number.pages;
        view::Button next = pager_button(pager_next_id, "", more);
        next.label = id("pager.more");
        widgets::ButtonLook look{Weightiness::main, kit.label(), kit.px(96), kit.px(48), "next"};
        if (more) line.children.push_back(widgets::button(kit, next, look));
        return line;
    }
    if (paged) {
        line.children.push_back(arrow(kit, pager_prev_id, "back", number.page > 0));
        Box words = widgets::text(kit, page_words(number), kit.body(), Colour::ink);
        words.align = Align::center;
        words.width = kit.px(220);
        line.children.push_back(std::move(words));
        line.children.push_back(arrow(kit, pager_next_id, "next", number.page + 1 < number.pages));
        return line;
    }
    if (with_others && screen.other)
        line.children.push_back(widgets::button(kit, *screen.other, Weightiness::side));
    if (with_others && screen.main)
        line.children.push_back(widgets::button(kit, *screen.main, Weightiness::main));
    return line;
}

}  // namespace screens
