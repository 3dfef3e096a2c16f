// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/slip/contents.hpp"

#include <array>

namespace slip {
namespace {

using Size = Words::Size;

struct Writer {
    const i18n::Locales& locales;
    const Order& order;
    std::vector<Part> parts;

    /// Breaks by hand are the screen's: paper has another width.
    [[nodiscard]] std::string words(const std::string& language, const char* id) const {
        const std::array values{i18n::Value{"date", order.date, i18n::Value::Kind::date_long}};
        std::string text = locales.text(language, id, values);
        for (char& letter : text) {
            if (letter == '\n') letter = ' ';
        }
        return text;
    }
    void add(Size size, const char* id) {
        parts.emplace_back(Words{size, words(order.language, id), order.language});
    }
    /// In German, unless that stands there already.
    void add_german(const char* id) {
        std::string text = words(std::string(i18n::Locales::master), id);
        if (text == words(order.language, id)) return;
        parts.emplace_back(Words{Size::small, std::move(text), std::string(i18n::Locales::master)});
    }
    void add_both(Size size, const char* id) {
        add(size, id);
        add_german(id);
    }
};

}  // namespace

std::vector<Part> contents_of(const i18n::Locales& locales, const Order& order) {
    Writer out{locales, order, {}};
    out.add_both(Size::title, "slip.check");
    out.add_both(Size::body, "slip.recorded");
    out.add_both(Size::body, "slip.check.line");
    out.parts.emplace_back(Code{order.check});
    if (!order.take_back.empty()) {
        out.parts.emplace_back(TearLine{});
        out.add_both(Size::title, "slip.take_back");
        out.add_both(Size::body, "slip.take_back.line");
        out.add_both(Size::body, "slip.take_back.paper");
        out.parts.emplace_back(Code{order.take_back});
    }
    out.add_both(Size::small, "slip.no_name");
    return std::move(out.parts);
}

}  // namespace slip
