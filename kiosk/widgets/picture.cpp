// SPDX-License-Identifier: EUPL-1.2
// Pictures where people would rather look than read: the card on the reader, where the CAN is
// printed, who passes what to whom. Drawn from shapes in the theme's colours. Pictures of things
// are never mirrored. UI thread only.
#include <cmath>
#include <utility>

#include "kiosk/widgets/components.hpp"

namespace widgets {
namespace {

using Kind = view::Picture::Kind;

/// A drawing area with its own coordinates from the left in every language.
class Art {
  public:
    Art(Canvas& canvas, const Rect& area, int design_width, int design_height)
        : canvas_(canvas), area_(area) {
        const double by_width = static_cast<double>(area.w) / design_width;
        const double by_height = static_cast<double>(area.h) / design_height;
        scale_ = std::min(by_width, by_height);
        area_.x += (area.w - round(design_width * scale_)) / 2;
        area_.y += (area.h - round(design_height * scale_)) / 2;
        area_.w = round(design_width * scale_);
    }
    void box(double x, double y, double w, double h, const Surface& look) {
        Surface scaled = look;
        scaled.border_px = look.border_px > 0 ? std::max(1, round(look.border_px * scale_)) : 0;
        scaled.radius_px = round(look.radius_px * scale_);
        canvas_.surface(place(x, y, w, h), scaled);
    }
    void disc(double x, double y, double radius, Colour colour) {
        const Rect r = place(x - radius, y - radius, 2 * radius, 2 * radius);
        canvas_.fill(r, colour, r.w / 2);
    }
    void line(const std::vector<Point>& points, Colour colour, double width) {
        std::vector<Point> moved;
        moved.reserve(points.size());
        for (const Point& p : points) moved.push_back(point(p.x, p.y));
        canvas_.stroke(moved, colour, static_cast<float>(width * scale_));
    }
    /// Upper half of a disc.
    void dome(double x, double y, double radius, Colour colour) {
        std::vector<Point> outline;
        constexpr int steps = 32;
        for (int i = 0; i <= steps; ++i) {
            const double angle = 3.14159265358979 * (1.0 - static_cast<double>(i) / steps);
            outline.push_back(point(static_cast<float>(x + radius * std::cos(angle)),
                                    static_cast<float>(y - radius * std::sin(angle))));
        }
        if (canvas_.mirrored()) std::reverse(outline.begin(), outline.end());
        canvas_.polygon(outline, colour);
    }
    void icon(const char* name, double x, double y, double size, Colour colour) {
        const Rect r = place(x, y, size, size);
        canvas_.icon(name, r.x, r.y, r.w, colour);
    }
    void words(const Kit& kit, std::string_view utf8, double size, double center_x, double top,
               Colour colour) {
        text::Style style;
        style.size_px = static_cast<float>(std::round(size * scale_ * 4) / 4);
        style.line_px = round(size * 1.4 * scale_);
        style.weight = text::Weight::bold;
        const double half = 390;
        const text::Layout& layout = kit.layout(utf8, style, round(2 * half * scale_), {});
        const Rect r =
            place(center_x - half, top, 2 * half, static_cast<double>(layout.height) / scale_ + 1);
        canvas_.text(layout, r, Align::center, colour);
    }

    /// One line that ends at `right`, beside an arrow; left away if the words of a language are too
    /// long for it.
    void caption(const Kit& kit, std::string_view utf8, double size, double right, double top,
                 Colour colour) {
        text::Style style;
        style.size_px = static_cast<float>(std::round(size * scale_ * 4) / 4);
        style.line_px = round(size * 1.4 * scale_);
        style.weight = text::Weight::bold;
        const text::Layout& layout = kit.layout(utf8, style, round(right * scale_), {});
        if (layout.lines.size() != 1 || utf8.empty()) return;
        const int width = static_cast<int>(std::ceil(layout.width)) + 2;
        const double units = width / scale_;
        canvas_.text(layout, place(right - units, top, units + 1, layout.height / scale_ + 1),
                     Align::center, colour);
    }

  private:
    static int round(double v) { return static_cast<int>(std::floor(v + 0.5)); }
    [[nodiscard]] Rect place(double x, double y, double w, double h) const {
        Rect r{area_.x + round(x * scale_), area_.y + round(y * scale_), round(w * scale_),
               round(h * scale_)};
        if (canvas_.mirrored()) r.x = area_.x + area_.right() - r.right();
        return r;
    }
    [[nodiscard]] Point point(float x, float y) const {
        const double at = canvas_.mirrored() ? area_.right() - x * scale_ : area_.x + x * scale_;
        return {static_cast<float>(at), static_cast<float>(area_.y + y * scale_)};
    }
    Canvas& canvas_;
    Rect area_;
    double scale_ = 1;
};

/// An identity card `w` wide (400 x 252 units): title bar, face, lines; with `can` the frame around
/// its six digits.
void draw_card(const Kit& kit, Art& art, double x, double y, double w, bool can) {
    const double s = w / 400;
    const auto box = [&](double bx, double by, double bw, double bh, double radius, Colour fill,
                         Colour border, double line) {
        Surface look{fill, border, 0, static_cast<int>(std::lround(radius * s)), false};
        look.border_px = line > 0 ? std::max(1, static_cast<int>(std::lround(line * s))) : 0;
        art.box(x + bx * s, y + by * s, bw * s, bh * s, look);
    };
    box(0, 0, 400, 252, 20, Colour::surface, Colour::accent, 5);
    box(20, 24, 220, 14, 7, Colour::accent, Colour::accent, 0);
    box(20, 58, 104, 136, 8, Colour::accent_tint, Colour::accent, 4);
    art.disc(x + 72 * s, y + 108 * s, 26 * s, Colour::accent);
    art.dome(x + 72 * s, y + 192 * s, 42 * s, Colour::accent);
    box(146, 66, 150, 14, 7, Colour::divider, Colour::divider, 0);
    box(146, 98, 190, 14, 7, Colour::divider, Colour::divider, 0);
    box(146, 130, 120, 14, 7, Colour::divider, Colour::divider, 0);
    box(20, 214, 140, 14, 7, Colour::divider, Colour::divider, 0);
    if (!can) return;
    box(252, 190, 130, 44, 8, Colour::warn_tint, Colour::warn, 5);
    art.words(kit, "123456", 31 * s, x + 317 * s, y + 190 * s, Colour::ink);
}

void draw_reader(Art& art, double x, double y, double w, double h, double inset_x, double inset_y) {
    art.box(x, y, w, h, {Colour::sunken, Colour::border, 5, 28, false});
    art.box(x + inset_x, y + inset_y, w - 2 * inset_x, h - 2 * inset_y,
            {Colour::sunken, Colour::border, 5, 18, true});
}

void arrow(Art& art, float x, float from, float to, Colour colour) {
    const float wing = to > from ? -48.0F : 48.0F;
    art.line({{x, from}, {x, to}}, colour, 14);
    art.line({{x - 48, to + wing}, {x, to}, {x + 48, to + wing}}, colour, 14);
}

void draw_welcome(Canvas& canvas, const Rect& r) {
    canvas.fill(r, Colour::accent_tint, 24);
    Art art(canvas, r, 984, 330);
    art.line({{312, 165}, {374, 165}}, Colour::accent, 6);
    art.line({{356, 147}, {374, 165}, {356, 183}}, Colour::accent, 6);
    art.line({{610, 165}, {672, 165}}, Colour::accent, 6);
    art.line({{654, 147}, {672, 165}, {654, 183}}, Colour::accent, 6);
    art.box(48, 75, 240, 180, {Colour::surface, Colour::accent, 4, 20, false});
    art.box(696, 75, 240, 180, {Colour::surface, Colour::accent, 4, 20, false});
    art.disc(492, 165, 104, Colour::accent);
    art.icon("authority-youth", 116, 113, 104, Colour::accent);
    art.icon("authority-agency", 764, 113, 104, Colour::accent);
    art.icon("person", 432, 105, 120, Colour::on_accent);
}

/// The letter with its five digits that are not the PIN, or the ten of the PUK.
void draw_letter(Art& art, int digits) {
    art.box(130, 10, 540, 600, {Colour::surface, Colour::accent, 5, 16, false});
    art.box(180, 60, 220, 22, {Colour::accent, Colour::accent, 0, 11, false});
    for (int i = 0; i < 3; ++i)
        art.box(180, 130 + 46 * i, 440 - 60 * i, 18,
                {Colour::divider, Colour::divider, 0, 9, false});
    art.box(180, 300, 440, 120, {Colour::warn_tint, Colour::warn, 5, 12, false});
    const int apart = digits > 5 ? 40 : 80;
    for (int i = 0; i < digits; ++i)
        art.disc(400 + apart * (i - (digits - 1) / 2.0), 360, digits > 5 ? 12 : 20, Colour::warn);
    for (int i = 0; i < 3; ++i)
        art.box(180, 470 + 46 * i, 380 - 90 * i, 18,
                {Colour::divider, Colour::divider, 0, 9, false});
}

void draw(const Kit& kit, Kind kind, const std::string& caption, Canvas& canvas, const Rect& r) {
    if (kind == Kind::welcome) return draw_welcome(canvas, r);
    if (kind == Kind::can_position) {
        Art art(canvas, r, 856, 545);
        draw_card(kit, art, 90, 4, 676, true);
        art.line({{626, 538}, {626, 448}}, Colour::warn, 10);
        art.line({{596, 478}, {626, 448}, {656, 478}}, Colour::warn, 10);
        art.caption(kit, caption, 44, 572, 462, Colour::ink);
        return;
    }
    Art art(canvas, r, 800, 620);
    if (kind == Kind::pin_letter) return draw_letter(art, 5);
    if (kind == Kind::puk_letter) return draw_letter(art, 10);
    draw_reader(art, 40, 330, 720, 270, 180, 42);
    switch (kind) {
        case Kind::card_out:
            draw_card(kit, art, 226, 4, 348, false);
            arrow(art, 400, 422, 262, Colour::accent);
            break;
        case Kind::reading:
            draw_card(kit, art, 240, 364, 320, false);
            for (int i = 0; i < 3; ++i) {
                const bool on = static_cast<unsigned>(i) <= kit.phase() % 3;
                art.disc(330 + 70 * i, 200, 20, on ? Colour::accent : Colour::divider);
            }
            break;
        case Kind::wrong_card:
            draw_card(kit, art, 226, 4, 348, false);
            art.line({{330, 300}, {470, 440}}, Colour::danger, 16);
            art.line({{470, 300}, {330, 440}}, Colour::danger, 16);
            break;
        case Kind::reader_resting:
            art.icon("reader", 340, 120, 120, Colour::ink_soft);
            break;
        default:
            draw_card(kit, art, 226, 4, 348, false);
            arrow(art, 400, 254, 422, Colour::accent);
            break;
    }
}

/// The card lying in the dashed field, as in the design's PIN screen.
void draw_lying(const Kit& kit, Canvas& canvas, const Rect& r) {
    Art art(canvas, r, 380, 256);
    art.box(4, 8, 372, 240, {Colour::sunken, Colour::border, 4, 24, false});
    art.box(46, 38, 288, 180, {Colour::sunken, Colour::border, 4, 16, true});
    draw_card(kit, art, 66, 50, 248, false);
}

Box picture_box(const Kit& kit, const view::Picture& picture) {
    Box box;
    box.kind = Box::Kind::picture;
    a11y::Node node;
    node.role = a11y::Role::image;
    node.label = text::plain(kit.words(picture.description));
    node.language = kit.display().language;
    box.node = std::move(node);
    return box;
}

}  // namespace

Part picture(const Kit& kit, const view::Picture& picture, const view::Note* beside) {
    const Kit* source = &kit;
    Box box = picture_box(kit, picture);
    const Kind kind = picture.kind;
    if (beside != nullptr) {
        box.width = kit.px(380);
        box.min_height = kit.px(256);
        box.paint = [source](Canvas& canvas, const Rect& r) { draw_lying(*source, canvas, r); };
        const ToneColours c = colours_of(beside->tone);
        Box words = grown(column(kit.px(12), {}));
        words.main = Align::center;
        Box rest = column(0, {});
        for (std::size_t i = 0; i < beside->lines.size(); ++i) {
            Box line = text(kit, beside->lines[i], i == 0 ? kit.label() : kit.body(),
                            i == 0 ? c.ink : Colour::ink);
            line.node->role = a11y::Role::status;
            if (i == 0)
                line = row(kit.px(16),
                           {icon(beside->icon, kit.px(52), c.ink), grown(std::move(line))});
            (i == 0 ? words : rest).children.push_back(std::move(line));
        }
        words.children.push_back(std::move(rest));
        Box content = row(kit.px(36), {std::move(box), std::move(words)});
        return single(
            card(kit, std::move(content), {kit.px(22), kit.px(22), kit.px(22), kit.px(22)}));
    }
    const bool small = kit.landscape();
    box.paint = [source, kind, caption = kit.words(picture.description)](
                    Canvas& canvas, const Rect& r) { draw(*source, kind, caption, canvas, r); };
    box.min_height = kit.px(kind == Kind::welcome ? (small ? 120 : 330)
                            : small               ? 240
                            : kit.big()           ? 420
                                                  : 500);
    if (kind == Kind::welcome) return single(std::move(box));
    Box framed = card(kit, column(0, {grown(std::move(box))}),
                      {kit.px(32), kit.px(32), kit.px(32), kit.px(32)});
    Part part = single(std::move(framed));
    part.grow = 1;
    part.max_height = kit.px(720);
    return part;
}

}  // namespace widgets
