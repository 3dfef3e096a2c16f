// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/view/wording.hpp"

#include <vector>

namespace view {
namespace {

i18n::Value::Kind kind_of(Arg::Kind kind) {
    switch (kind) {
        case Arg::Kind::word:
            return i18n::Value::Kind::word;
        case Arg::Kind::name:
            return i18n::Value::Kind::name;
        case Arg::Kind::number:
            return i18n::Value::Kind::number;
        case Arg::Kind::date:
            return i18n::Value::Kind::date;
        case Arg::Kind::date_long:
            return i18n::Value::Kind::date_long;
        case Arg::Kind::time:
            return i18n::Value::Kind::time;
    }
    return i18n::Value::Kind::word;
}

}  // namespace

std::string wording(const i18n::Locales& locales, std::string_view screen_language,
                    const Text& text) {
    if (!text.literal.empty()) {
        const bool foreign = !text.language.empty() && text.language != screen_language;
        return foreign ? "\u2068" + text.literal + "\u2069" : text.literal;
    }
    if (text.id.empty()) return {};
    std::vector<i18n::Value> values;
    bool counted = false;
    for (const Arg& arg : text.args) {
        counted = counted || arg.name == "count";
        // An argument may itself be a text id ("@authority.jc"): then it is translated first.
        const bool is_id = arg.value.starts_with('@');
        values.push_back({arg.name,
                          is_id ? locales.text(screen_language, arg.value.substr(1)) : arg.value,
                          kind_of(arg.kind)});
    }
    return locales.text(screen_language, text.id, values, counted ? text.count : -1);
}

}  // namespace view
