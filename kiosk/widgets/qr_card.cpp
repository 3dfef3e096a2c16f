// SPDX-License-Identifier: EUPL-1.2
// The receipt on screen: a QR code with words beside it. Black on white in every theme, quiet zone
// of four modules, whole pixels per module. Norm: ISO/IEC 18004. UI thread only.
#include <qrencode.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "drivers/base/handle.hpp"
#include "kiosk/widgets/components.hpp"

namespace widgets {
namespace {

using Code = std::unique_ptr<QRcode, base::Deleter<QRcode_free>>;
constexpr int quiet_modules = 4;

struct Modules {
    int side = 0;
    std::vector<bool> dark;
};

Modules encode(const std::string& payload) {
    Modules modules;
    const Code code(QRcode_encodeString8bit(payload.c_str(), 0, QR_ECLEVEL_M));
    if (!code) return modules;
    modules.side = code->width;
    const int count = code->width * code->width;
    for (int i = 0; i < count; ++i) modules.dark.push_back((code->data[i] & 1U) != 0);
    return modules;
}

/// The code itself. Drawn from the left in every language: it is a picture, not text.
Box picture_of(const Kit& kit, Modules modules, const std::string& spoken) {
    Box box;
    box.kind = Box::Kind::picture;
    const int across = modules.side + 2 * quiet_modules;
    const int unit = std::max(3, kit.either(376, 400) / across);
    box.width = unit * across;
    box.min_height = box.width;
    box.paint = [modules = std::move(modules), unit](Canvas& canvas, const Rect& r) {
        const int side = modules.side;
        const auto is_dark = [&](int x, int y) {
            return modules.dark[static_cast<std::size_t>(y) * static_cast<std::size_t>(side) +
                                static_cast<std::size_t>(x)];
        };
        canvas.paper(r, 12);
        for (int y = 0; y < side; ++y) {
            for (int x = 0; x < side;) {
                int n = 0;
                while (x + n < side && is_dark(x + n, y)) ++n;
                const int column = canvas.mirrored() ? side - x - n : x;
                if (n > 0) {
                    canvas.black({r.x + (quiet_modules + column) * unit,
                                  r.y + (quiet_modules + y) * unit, n * unit, unit});
                }
                x += n + 1;
            }
        }
    };
    a11y::Node node;
    node.role = a11y::Role::image;
    node.label = spoken;
    box.node = std::move(node);
    return box;
}

}  // namespace

Part qr_card(const Kit& kit, const view::QrCard& value) {
    Box title = text(kit, value.title, kit.heading(), Colour::ink);
    title.node->role = a11y::Role::heading;
    Box head = row(kit.px(16),
                   {icon(value.icon, kit.either(52, 72), Colour::ink), grown(std::move(title))});
    Box words = grown(column(kit.px(12), {std::move(head)}));
    words.main = Align::center;
    for (const view::Text& line : value.lines) {
        words.children.push_back(text(kit, line, kit.body(), Colour::ink));
    }
    if (!value.caption.empty()) {
        words.children.push_back(text(kit, value.caption, kit.body(), Colour::ink_soft));
    }
    Box code = picture_of(kit, encode(value.payload), text::plain(kit.words(value.title)));
    Box content;
    if (kit.big()) {
        content = column(kit.px(24), {std::move(code), std::move(words)});
        content.cross = Box::Cross::center;
        content.children.back().grow = 1;
    } else {
        content = row(kit.px(36), {std::move(code), std::move(words)});
    }
    Part part =
        single(card(kit, std::move(content), {kit.px(22), kit.px(30), kit.px(22), kit.px(30)}));
    part.grow = kit.big() ? 0 : 1;
    part.max_height = kit.px(440);
    return part;
}

}  // namespace widgets
