// SPDX-License-Identifier: EUPL-1.2
// Implementation of kit.hpp. UI thread only.
#include "kiosk/widgets/kit.hpp"

#include <algorithm>
#include <cmath>

namespace widgets {

text::Style Kit::sized(text::Style style) const {
    style.size_px = static_cast<float>(std::round(style.size_px * scale_ * 4.0) / 4.0);
    style.line_px = px(style.line_px);
    return style;
}

text::Style Kit::label() const {
    text::Style style = body();
    style.weight = text::Weight::bold;
    return style;
}

text::Style Kit::dense() const {
    text::Style style = body();
    if (!big()) style.line_px = px(theme().body_line_dense_px);
    return style;
}

text::Style Kit::chrome(text::Weight weight) const {
    text::Style style = type().body;
    if (style.size_px > theme().chrome_max_px) {
        style.size_px = theme().chrome_max_px;
        style.line_px = theme().scale(160).body.line_px;
    }
    style.weight = weight;
    return sized(style);
}

std::string Kit::words(const char* id) const {
    view::Text text;
    text.id = id;
    return words(text);
}

const text::Layout& Kit::layout(std::string_view utf8, const text::Style& style, int width,
                                const std::string& language) const {
    text::Request request;
    request.utf8 = utf8;
    request.style = style;
    request.width_px = std::max(width, 1);
    request.language = language.empty() ? display_.language : language;
    request.direction = text::is_right_to_left(request.language) ? text::Direction::right_to_left
                                                                 : text::Direction::left_to_right;
    return tools_.engine.layout(request);
}

}  // namespace widgets
